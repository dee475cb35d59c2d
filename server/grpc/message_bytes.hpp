// Messages as they come in and go out: read by us, so that what cannot be read is answered with
// words.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

namespace pilothouse::rpc {

// Fills `into`. False, with `into` half filled: these are not the bytes of such a message, or they
// are compressed, or a text is not UTF-8.
[[nodiscard]] bool read_message(::grpc::ByteBuffer bytes, google::protobuf::Message& into);

// Throws std::logic_error where a required field is missing, which proto3 has none of.
[[nodiscard]] ::grpc::ByteBuffer bytes_of(google::protobuf::Message const& m);

}  // namespace pilothouse::rpc
