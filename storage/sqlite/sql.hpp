// SQL text, which only a literal can become.
#pragma once

namespace pilothouse::storage::sqlite {

// No value of a request can ever be part of a statement: parameters are bound. Statements are kept
// prepared under the literal's address, so name each one as a static member or constant.
class sql {
public:
    consteval sql(char const* literal) : text_(literal) {}

    [[nodiscard]] constexpr char const* text() const noexcept { return text_; }

private:
    char const* text_;
};

}  // namespace pilothouse::storage::sqlite
