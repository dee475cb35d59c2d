#include "server/grpc/json_words.hpp"

#include "base/plain_text.hpp"
#include "server/http/query.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace pilothouse::rpc {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t name_max = 200;

// The library quotes what it cannot read, secrets too; where a name is unknown, the name alone.
refusal unreadable(Message const& m, std::string_view library_says) {
    auto const& type = m.GetDescriptor()->full_name();
    constexpr std::string_view unknown = ": Cannot find field.";
    auto const at = library_says.rfind(unknown);
    if (at != std::string_view::npos) {
        auto const name = library_says.substr(0, at);
        if (check_text("name", name, name_max, text_shape::one_line))
            return {code::invalid_argument, type + " has no field " + std::string(name)};
    }
    return {code::invalid_argument, "the body is not the JSON of a " + type};
}

FieldDescriptor const* field_of(Message const& m, std::string const& name) {
    auto const* const type = m.GetDescriptor();
    auto const* const found = type->FindFieldByCamelcaseName(name);
    return found != nullptr ? found : type->FindFieldByName(name);
}

}  // namespace

std::string to_json(Message const& m) {
    google::protobuf::util::JsonPrintOptions how;
    how.always_print_primitive_fields = true;
    std::string text;
    if (!google::protobuf::util::MessageToJsonString(m, &text, how).ok())
        throw std::logic_error("a message that is no JSON: " + m.GetDescriptor()->full_name());
    return text;
}

answer<void> read_json(std::string_view text, Message& into) {
    if (text.empty()) return {};
    auto const read = google::protobuf::util::JsonStringToMessage(
        google::protobuf::StringPiece(text.data(), text.size()), &into);
    if (!read.ok()) return unreadable(into, std::string(read.message()));
    return {};
}

answer<void> read_query(std::string_view query, Message& into) {
    auto const* const reflection = into.GetReflection();
    while (!query.empty()) {
        auto const [name, value] = http::take_pair(query);
        if (name.empty() && value.empty()) continue;
        auto const* const field = field_of(into, name);
        if (field == nullptr)
            return refusal(code::invalid_argument, "this address does not take that parameter");
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
            reflection->SetString(&into, field, value);
            continue;
        }
        std::int64_t number = 0;
        auto const* const end = value.data() + value.size();
        auto const parsed = std::from_chars(value.data(), end, number);
        if (parsed.ec != std::errc() || parsed.ptr != end)
            return wrong(field->name(), "this is no number");
        reflection->SetInt64(&into, field, number);
    }
    return {};
}

answer<void> read_path(std::string const& field, std::string const& value, Message& into) {
    auto const* const found = into.GetDescriptor()->FindFieldByName(field);
    if (found == nullptr) throw std::logic_error("no such field: " + field);
    auto const* const reflection = into.GetReflection();
    auto const given = reflection->GetString(into, found);
    if (!given.empty() && given != value)
        return wrong(field, "the address and the body say different things");
    reflection->SetString(&into, found, value);
    return {};
}

}  // namespace pilothouse::rpc
