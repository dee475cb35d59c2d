// A value, or the failure that stands in its place.
#pragma once

#include "base/failure.hpp"

#include <boost/system/result.hpp>

#include <stdexcept>
#include <utility>

namespace pilothouse {

// Reading the value of a result that holds a failure is a bug of the caller: it throws
// std::logic_error.
template <class T>
using result = boost::system::result<T, failure>;

[[noreturn]] inline void throw_exception_from_error(failure const& f,
                                                    boost::source_location const&) {
    throw std::logic_error("unread failure: " + f.detail);
}

// Sets `value`, declared by the caller, or returns the failure to our own caller.
#define PILOTHOUSE_CONCAT_(a, b) a##b
#define PILOTHOUSE_CONCAT(a, b) PILOTHOUSE_CONCAT_(a, b)
#define PILOTHOUSE_TRY_IMPL(result_name, declaration, expression, return_word) \
    auto result_name = (expression);                                           \
    if (!result_name) return_word std::move(result_name).error();              \
    declaration = std::move(result_name).value()
#define PILOTHOUSE_TRY(declaration, expression) \
    PILOTHOUSE_TRY_IMPL(PILOTHOUSE_CONCAT(try_, __LINE__), declaration, expression, return)
#define PILOTHOUSE_CO_TRY(declaration, expression) \
    PILOTHOUSE_TRY_IMPL(PILOTHOUSE_CONCAT(try_, __LINE__), declaration, expression, co_return)

}  // namespace pilothouse
