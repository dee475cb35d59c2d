// Counters, gauges and histograms in Prometheus' text form.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::metrics {

using labels = std::vector<std::pair<std::string, std::string>>;

// Handles stay good as long as the registry. Thread-safe, and cheap enough for every request: look
// a handle up once, keep it, then add.
class counter {
public:
    virtual ~counter() = default;
    virtual void add(double value = 1) noexcept = 0;
};

class histogram {
public:
    virtual ~histogram() = default;
    virtual void observe(double value) noexcept = 0;
};

class registry {
public:
    registry();
    ~registry();
    registry(registry const&) = delete;
    registry& operator=(registry const&) = delete;

    // The same name and labels give the same metric. Labels come from closed sets: route patterns,
    // never paths.
    [[nodiscard]] counter& make_counter(std::string const& name, std::string const& help,
                                        labels const& l = {});
    [[nodiscard]] histogram& make_histogram(std::string const& name, std::string const& help,
                                            labels const& l, std::vector<double> const& buckets);
    // `read` is called at each scrape, on the scraping thread.
    void add_gauge(std::string const& name, std::string const& help, labels const& l,
                   std::function<double()> read);
    // For figures that others count: exported as a counter.
    void add_counter(std::string const& name, std::string const& help, labels const& l,
                     std::function<double()> read);

    // Prometheus text format 0.0.4.
    [[nodiscard]] std::string text() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::metrics
