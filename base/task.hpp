// The coroutine type of the whole program.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace pilothouse {

namespace asio = boost::asio;

// Every coroutine lives on one core's io_context: the concrete executor costs nothing per resume,
// where any_io_executor costs almost a microsecond a request.
using executor = asio::io_context::executor_type;

template <class T>
using task = asio::awaitable<T, executor>;

}  // namespace pilothouse
