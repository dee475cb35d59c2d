// Strikes out of a text what nobody may read there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release {

inline constexpr std::string_view redacted_mark = "[redacted]";
inline constexpr std::string_view withheld_mark = "[redacted: there are too many secrets to tell]";

// Of the different secrets that one redaction takes. Each costs a search for all of its forms
// through each text.
inline constexpr std::size_t secret_texts_max = 1000, secret_bytes_max = 256 * 1024;

// Thread-safe. Knows each secret also as it looks within quotes of JSON and of Go, within a URL,
// in base64 (also in the midst of a longer text that was encoded whole), and, where it has several
// lines, each line of some length by itself. Besides, it strikes out bearer tokens, tokens of
// three parts (`eyJ…`), and passwords within URLs. Of more secrets than the limits allow it lets
// nothing through: each text that is not empty becomes the mark for that.
class redaction {
public:
    // Texts of fewer than four bytes are not struck out: they are in every sentence.
    redaction() = default;
    redaction(std::vector<std::string> const& secrets, std::vector<std::string> private_paths = {});
    ~redaction();
    redaction(redaction const&) = default;
    redaction(redaction&&) = default;
    redaction& operator=(redaction const&) = default;
    redaction& operator=(redaction&&) = default;

    [[nodiscard]] std::string operator()(std::string_view text) const;    // with marks instead
    [[nodiscard]] bool withholds() const noexcept { return withholds_; }  // of too many secrets

private:
    void add_forms(std::string_view secret);
    void add(std::string form);

    void forget() noexcept;

    std::vector<std::string> forms_;  // the longest first
    bool withholds_ = false;
};

}  // namespace pilothouse::release
