// Messages as JSON, by protobuf's own mapping (contracts: releases 1.3).
#pragma once

#include "server/grpc/status.hpp"

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace pilothouse::rpc {

// lowerCamelCase, numbers of 64 bits and enumerators as text, fields without a value too.
[[nodiscard]] std::string to_json(google::protobuf::Message const& m);

// Takes lowerCamelCase and the names of the protocol. INVALID_ARGUMENT: not JSON, not of this
// message, a field that it does not have; with no word of what was sent but names. An empty text is
// an empty message.
[[nodiscard]] answer<void> read_json(std::string_view text, google::protobuf::Message& into);
// The same of a query's pairs, for fields that are text or a number.
[[nodiscard]] answer<void> read_query(std::string_view query, google::protobuf::Message& into);
// What the path says of a field. INVALID_ARGUMENT: the body says something else.
[[nodiscard]] answer<void> read_path(std::string const& field, std::string const& value,
                                     google::protobuf::Message& into);

}  // namespace pilothouse::rpc
