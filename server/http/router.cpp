#include "server/http/router.hpp"

#include "base/percent_encoding.hpp"

#include <stdexcept>

namespace pilothouse::http {

namespace {

constexpr std::size_t segments_max = 64;

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    segments.reserve(12);
    path.remove_prefix(1);
    while (segments.size() <= segments_max) {
        auto const slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return segments;
}

// A parameter is text that people typed: nothing invisible belongs in it.
bool printable(std::string_view text) {
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) return false;
    }
    return true;
}

// The parameter that a route with this permission has to have.
std::string_view name_of_place(auth::permission p) {
    switch (auth::place_of(p)) {
        case auth::place_kind::project: return "project";
        case auth::place_kind::group: return "group";
        case auth::place_kind::cluster: return "cluster";
        case auth::place_kind::server: break;
    }
    return {};
}

bool answers(method of_route, method asked) {
    return of_route == asked || (of_route == method::get && asked == method::head);
}

}  // namespace

router::router(std::string base_path, std::vector<door> doors)
    : base_path_(std::move(base_path)), doors_(std::move(doors)) {
    for (auto const& d : doors_) {
        for (auto const& r : d.routes) compiled_.push_back(compile(r, *d.words));
    }
}

router::compiled router::compile(http::route const& r, dialect const& words) {
    compiled c{&r, &words, {}, {}, {}};
    std::size_t parameters = 0;
    auto const place = r.permission ? name_of_place(*r.permission) : std::string_view();
    for (auto text : split(r.pattern)) {
        auto kind = segment::kind::literal;
        std::string_view suffix;
        if (auto const end = text.find('}'); text.starts_with('{') && end != text.npos) {
            suffix = text.substr(end + 1);
            text = text.substr(1, end - 1);
            kind = segment::kind::one;
            if (text.ends_with('*')) {
                text.remove_suffix(1);
                kind = segment::kind::encoded;
            } else if (text.ends_with("...")) {
                text.remove_suffix(3);
                kind = segment::kind::many;
                if (c.many) throw std::logic_error("two open ends in " + std::string(r.pattern));
                c.many = c.segments.size();
            }
            if (!suffix.empty() && kind != segment::kind::one)
                throw std::logic_error("text behind more than a segment in " +
                                       std::string(r.pattern));
            if (text == place) c.place = parameters;
            ++parameters;
        }
        c.segments.push_back({kind, text, suffix});
    }
    if (!place.empty() && !c.place)
        throw std::logic_error("nothing names the place in " + std::string(r.pattern));
    return c;
}

// What lies behind an open end has a fixed number of segments, so the open end takes what is left
// over: there is one way to match, and no way back to try.
bool router::fits(compiled const& c, std::vector<std::string_view> const& path,
                  std::vector<std::string>* parameters) {
    if (c.many ? path.size() < c.segments.size() : path.size() != c.segments.size()) return false;
    std::size_t const extra = path.size() - c.segments.size();
    std::size_t at = 0;
    for (auto const& s : c.segments) {
        std::size_t const width = s.what == segment::kind::many ? extra + 1 : 1;
        if (s.what == segment::kind::literal) {
            if (path[at] != s.text) return false;
        } else if (!path[at + width - 1].ends_with(s.suffix)) {
            return false;
        } else if (parameters != nullptr) {
            std::string value;
            for (std::size_t i = at; i < at + width; ++i) {
                auto const raw = path[i].substr(0, path[i].size() - s.suffix.size());
                auto const decoded = percent_decode(raw);
                bool const slash = decoded && decoded->find('/') != std::string::npos;
                if (!decoded || decoded->empty() || !printable(*decoded)) return false;
                if (slash && s.what == segment::kind::one) return false;
                if (i > at) value += '/';
                value += *decoded;
            }
            parameters->push_back(std::move(value));
        }
        at += width;
    }
    return true;
}

router::match router::find(http::method method, std::string_view path) const {
    match m;
    m.words = &words_for(path);
    m.status = 404;
    if (!base_path_.empty()) {
        if (!path.starts_with(base_path_ + "/")) return m;
        path.remove_prefix(base_path_.size());
    }
    auto const segments = split(path);
    if (segments.size() > segments_max) return m;
    for (std::size_t i = 0; i < compiled_.size(); ++i) {
        auto const& c = compiled_[i];
        if (!fits(c, segments, nullptr)) continue;
        if (!answers(c.route->method, method)) {
            std::vector<std::string> parameters;
            if (!fits(c, segments, &parameters)) continue;
            auto const add = [&m](std::string_view name) {
                if (!m.allow.empty()) m.allow += ", ";
                m.allow += name;
            };
            add(name_of(c.route->method));
            if (c.route->method == method::get) add("HEAD");
            m.status = 405;
            continue;
        }
        m.parameters.clear();
        if (!fits(c, segments, &m.parameters)) continue;
        m.route = c.route;
        m.words = c.words;
        m.status = 200;
        m.index = i;
        m.place = c.place;
        return m;
    }
    return m;
}

std::vector<route const*> router::routes() const {
    std::vector<route const*> all;
    for (auto const& c : compiled_) all.push_back(c.route);
    return all;
}

dialect const& router::words_for(std::string_view path) const {
    if (path.starts_with(base_path_)) path.remove_prefix(base_path_.size());
    for (auto const& d : doors_) {
        if (path.starts_with(d.prefix)) return *d.words;
    }
    return *doors_.back().words;
}

}  // namespace pilothouse::http
