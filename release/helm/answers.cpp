#include "release/helm/answers.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <cstring>
#include <optional>

namespace pilothouse::release::helm {

namespace {

namespace json = boost::json;

// Answers hold values: what was read of them is overwritten.
class wiping_memory final : public json::memory_resource {
    void* do_allocate(std::size_t size, std::size_t) override { return ::operator new(size); }
    void do_deallocate(void* at, std::size_t size, std::size_t) override {
        ::explicit_bzero(at, size);
        ::operator delete(at);
    }
    [[nodiscard]] bool do_is_equal(json::memory_resource const& other) const noexcept override {
        return this == &other;
    }
};

failure unreadable(std::string_view what) {
    return failure(errc::broken, "The answer of helm could not be read: " + std::string(what));
}

result<json::value> parse(std::string_view answer, wiping_memory& memory) {
    json::parse_options options;
    options.max_depth = 256;  // of somebody's values; a chart's tree of dependencies is flatter
    json::parser reader(&memory, options);  // for what it keeps while it reads
    reader.reset(&memory);                  // for the value that it makes
    boost::system::error_code error;
    reader.write(answer, error);
    if (error) return unreadable("it is not JSON.");
    return reader.release();
}

std::string text_of(json::object const& from, std::string_view key) {
    auto const* const found = from.if_contains(key);
    if (found == nullptr || !found->is_string()) return {};
    auto const& text = found->get_string();
    return {text.data(), text.size()};
}

// A number in one answer, a text in another.
std::optional<int> number_of(json::object const& from, std::string_view key) {
    auto const* const found = from.if_contains(key);
    if (found == nullptr) return std::nullopt;
    int number = 0;
    if (auto const* const text = found->if_string()) {
        auto const end = text->data() + text->size();
        auto const read = std::from_chars(text->data(), end, number);
        if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    } else {
        boost::system::error_code error;
        number = found->to_number<int>(error);
        if (error) return std::nullopt;
    }
    return number > 0 ? std::optional(number) : std::nullopt;
}

release_status status_of(json::object const& from) {
    return storage::release_status_named(text_of(from, "status")).value_or(release_status::unknown);
}

instant time_of(json::object const& from) {
    return from_rfc3339(text_of(from, "updated")).value_or(instant());
}

// Each item of a list, by `read`, which answers with nothing for one that is none.
template <class T, class Read>
result<std::vector<T>> read_items(std::string_view answer, Read const& read) {
    wiping_memory memory;
    PILOTHOUSE_TRY(auto const whole, parse(answer, memory));
    std::vector<T> all;
    if (whole.is_null()) return all;
    auto const* const items = whole.if_array();
    if (items == nullptr) return unreadable("it is not a list.");
    for (auto const& item : *items) {
        auto const* const object = item.if_object();
        auto one = object == nullptr ? std::optional<T>() : read(*object);
        if (!one) return unreadable("an item of its list misses its number or name.");
        all.push_back(std::move(*one));
    }
    return all;
}

std::optional<revision> read_revision(json::object const& from) {
    auto const number = number_of(from, "revision");
    if (!number) return std::nullopt;
    return revision{*number,
                    status_of(from),
                    time_of(from),
                    text_of(from, "chart"),
                    text_of(from, "app_version"),
                    text_of(from, "description")};
}

std::optional<listed_release> read_release(json::object const& from) {
    auto const number = number_of(from, "revision");
    auto name = text_of(from, "name");
    if (!number || name.empty()) return std::nullopt;
    return listed_release{text_of(from, "namespace"),
                          std::move(name),
                          *number,
                          status_of(from),
                          time_of(from),
                          text_of(from, "chart"),
                          text_of(from, "app_version")};
}

}  // namespace

result<std::vector<revision>> read_history(std::string_view answer) {
    return read_items<revision>(answer, read_revision);
}

result<std::vector<listed_release>> read_list(std::string_view answer) {
    return read_items<listed_release>(answer, read_release);
}

result<secret> read_values(std::string_view answer) {
    wiping_memory memory;
    PILOTHOUSE_TRY(auto const whole, parse(answer, memory));
    if (whole.is_null()) return secret("{}");
    if (!whole.is_object()) return unreadable("values are not an object.");
    while (!answer.empty() && (answer.back() == '\n' || answer.back() == ' '))
        answer.remove_suffix(1);
    return secret(std::string(answer));
}

result<rendering> read_rendering(std::string_view answer) {
    wiping_memory memory;
    PILOTHOUSE_TRY(auto const whole, parse(answer, memory));
    auto const* const object = whole.if_object();
    if (object == nullptr) return unreadable("it is not an object.");
    rendering made;
    made.manifest = text_of(*object, "manifest");
    auto const* const hooks = object->if_contains("hooks");
    if (hooks == nullptr || !hooks->is_array()) return made;
    for (auto const& hook : hooks->get_array())
        if (hook.is_object()) made.hooks.push_back(text_of(hook.get_object(), "manifest"));
    return made;
}

}  // namespace pilothouse::release::helm
