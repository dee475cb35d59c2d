#include "client/url.hpp"

#include "base/ascii.hpp"
#include "base/hex.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace pilothouse::client {

namespace {

constexpr std::size_t url_bytes_max = 8192;

failure invalid(std::string why) { return {errc::invalid_argument, std::move(why)}; }

// `%` stays: who wrote it had encoded already.
std::string encoded(std::string_view text) {
    constexpr std::string_view as_they_are = "-._~!$&'()*+,;=:@/?%[]";
    std::string out;
    for (char const c : text) {
        if (ascii::is_letter_or_digit(c) || as_they_are.find(c) != as_they_are.npos) {
            out += c;
        } else {
            auto digits = to_hex(std::string_view(&c, 1));
            std::transform(digits.begin(), digits.end(), digits.begin(),
                           [](char d) { return d >= 'a' ? static_cast<char>(d - 'a' + 'A') : d; });
            out += '%' + digits;
        }
    }
    return out;
}

// RFC 3986, 5.2.4.
std::string without_dots(std::string_view path) {
    std::vector<std::string_view> kept;
    bool folder = true;  // whether the result ends in a slash
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        auto const segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        folder = segment.empty() || segment == "." || segment == "..";
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (segment != "." && !(segment.empty() && path.empty())) {
            kept.push_back(segment);
        }
    }
    std::string out;
    for (auto const segment : kept) out.append("/").append(segment);
    return folder ? out + "/" : out;
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

bool has_scheme(std::string_view reference) {
    auto const colon = reference.find(':');
    auto const before = reference.substr(0, colon);
    return colon != reference.npos && !before.empty() &&
           std::all_of(before.begin(), before.end(), [](char c) {
               return ascii::is_letter_or_digit(c) || c == '+' || c == '-' || c == '.';
           });
}

}  // namespace

result<url> url::parse(std::string_view text) {
    if (text.size() > url_bytes_max) return invalid("the URL is too long");
    if (has_control_character(text)) return invalid("the URL holds a control character");
    auto const colon = text.find("://");
    std::string scheme(text.substr(0, colon));
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), ascii::lower);
    if (colon == text.npos || (scheme != "http" && scheme != "https"))
        return invalid("not an http or https URL");
    url made;
    made.tls_ = scheme == "https";
    text.remove_prefix(colon + 3);
    text = text.substr(0, text.find('#'));
    auto const end = std::min(text.find_first_of("/?\\"), text.size());
    auto const taken = made.take_authority(text.substr(0, end));
    if (!taken) return taken.error();
    made.take_target(text.substr(end));
    return made;
}

result<void> url::take_authority(std::string_view text) {
    if (text.find('@') != text.npos)
        return invalid("the URL has a user in it: credentials are given apart");
    std::string_view port;
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == text.npos) return invalid("the URL's host is no address");
        host_ = text.substr(1, end - 1);
        port = text.substr(end + 1);
        bool const address = std::all_of(host_.begin(), host_.end(), [](char c) {
            return hex_value(c) >= 0 || c == ':' || c == '.';
        });
        if (!address || host_.find(':') == host_.npos)
            return invalid("the URL's host is no address");
    } else {
        host_ = text.substr(0, text.find(':'));
        port = text.substr(host_.size());
        bool const name = std::all_of(host_.begin(), host_.end(), [](char c) {
            return ascii::is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
        });
        if (!name || host_.empty() || host_.size() > 253)
            return invalid("the URL's host is no name");
    }
    std::transform(host_.begin(), host_.end(), host_.begin(), ascii::lower);
    port_ = tls_ ? 443 : 80;
    if (port.empty() || port == ":") return {};
    auto const* const last = port.data() + port.size();
    auto const [end, wrong] = std::from_chars(port.data() + 1, last, port_);
    if (port.front() != ':' || wrong != std::errc() || end != last || port_ == 0)
        return invalid("the URL's port is no port");
    return {};
}

void url::take_target(std::string_view text) {
    auto const mark = std::min(text.find('?'), text.size());
    auto const path = encoded(text.substr(0, mark));
    path_ = path.empty() || path.front() != '/' ? without_dots("/" + path) : without_dots(path);
    query_ = mark + 1 < text.size() ? encoded(text.substr(mark)) : std::string();
}

std::string url::authority() const {
    auto name = host_.find(':') == host_.npos ? host_ : "[" + host_ + "]";
    return port_ == (tls_ ? 443 : 80) ? name : name + ":" + std::to_string(port_);
}

std::string url::origin() const { return (tls_ ? "https://" : "http://") + authority(); }

result<url> url::resolve(std::string_view reference) const {
    if (has_scheme(reference)) return parse(reference);
    if (reference.starts_with("//"))
        return parse((tls_ ? "https:" : "http:") + std::string(reference));
    if (reference.size() > url_bytes_max) return invalid("the URL is too long");
    if (has_control_character(reference)) return invalid("the URL holds a control character");
    reference = reference.substr(0, reference.find('#'));
    url made = *this;
    if (reference.empty()) return made;
    if (reference.starts_with('/')) {
        made.take_target(reference);
    } else if (reference.starts_with('?')) {
        made.query_ = encoded(reference);
    } else {
        auto const folder = path_.substr(0, path_.rfind('/') + 1);
        made.take_target(folder + std::string(reference));
    }
    return made;
}

result<url> url::resolve_below(std::string_view reference) const {
    url folder = *this;
    if (!folder.path_.ends_with('/')) folder.path_ += '/';
    PILOTHOUSE_TRY(auto made, folder.resolve(reference));
    bool const same_place = made.origin() == origin() && !has_scheme(reference);
    if (same_place && made.query_.empty()) made.query_ = query_;
    return made;
}

url url::with_path_suffix(std::string_view suffix) const {
    url made = *this;
    made.path_ += suffix;
    return made;
}

}  // namespace pilothouse::client
