// How doctest prints a result that a check is about.
#pragma once

#include "base/result.hpp"

#include <doctest/doctest.h>

template <class T>
struct doctest::StringMaker<boost::system::result<T, pilothouse::failure>> {
    static doctest::String convert(boost::system::result<T, pilothouse::failure> const& r) {
        return r ? doctest::String("a value") : doctest::String(r.error().detail.c_str());
    }
};
