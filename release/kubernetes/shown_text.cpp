#include "release/kubernetes/shown_text.hpp"

#include "base/plain_text.hpp"
#include "base/utf8.hpp"

namespace pilothouse::release::kubernetes {

std::string shown(std::string_view text, std::size_t characters_max) {
    std::string out;
    std::size_t characters = 0;
    bool blank = false;
    for (std::size_t at = 0; at < text.size();) {
        auto const begin = at;
        (void)next_code_point(text, at);
        auto const one = text.substr(begin, at - begin);
        if (one == " " || !check_text({}, one, 1, text_shape::one_line)) {
            blank = !out.empty();
            continue;
        }
        auto const wanted = characters + (blank ? 2 : 1);
        if (wanted >= characters_max && !(wanted == characters_max && at == text.size()))
            return out + "…";
        if (blank) out += ' ';
        out += one;
        characters = wanted;
        blank = false;
    }
    return out;
}

}  // namespace pilothouse::release::kubernetes
