#include "base/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <deque>
#include <map>
#include <mutex>

namespace pilothouse::metrics {

namespace {

class prometheus_counter final : public counter {
public:
    explicit prometheus_counter(prometheus::Counter& c) : counter_(c) {}
    void add(double value) noexcept override { counter_.Increment(value); }

private:
    prometheus::Counter& counter_;
};

class prometheus_histogram final : public histogram {
public:
    explicit prometheus_histogram(prometheus::Histogram& h) : histogram_(h) {}
    void observe(double value) noexcept override { histogram_.Observe(value); }

private:
    prometheus::Histogram& histogram_;
};

prometheus::Labels to_map(labels const& l) { return {l.begin(), l.end()}; }

}  // namespace

struct registry::state {
    prometheus::Registry registry;
    std::mutex mutex;
    std::deque<prometheus_counter> counters;
    std::deque<prometheus_histogram> histograms;
    std::map<void*, counter*> counter_of;
    std::map<void*, histogram*> histogram_of;
    std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> gauges;
    std::vector<std::pair<prometheus::Counter*, std::function<double()>>> read_counters;
};

registry::registry() : state_(std::make_unique<state>()) {}
registry::~registry() = default;

counter& registry::make_counter(std::string const& name, std::string const& help, labels const& l) {
    std::lock_guard lock(state_->mutex);
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
    auto& made = family.Add(to_map(l));
    auto& known = state_->counter_of[&made];
    if (known == nullptr) known = &state_->counters.emplace_back(made);
    return *known;
}

histogram& registry::make_histogram(std::string const& name, std::string const& help,
                                    labels const& l, std::vector<double> const& buckets) {
    std::lock_guard lock(state_->mutex);
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
    auto& made = family.Add(to_map(l), buckets);
    auto& known = state_->histogram_of[&made];
    if (known == nullptr) known = &state_->histograms.emplace_back(made);
    return *known;
}

void registry::add_gauge(std::string const& name, std::string const& help, labels const& l,
                         std::function<double()> read) {
    std::lock_guard lock(state_->mutex);
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
    state_->gauges.emplace_back(&family.Add(to_map(l)), std::move(read));
}

void registry::add_counter(std::string const& name, std::string const& help, labels const& l,
                           std::function<double()> read) {
    std::lock_guard lock(state_->mutex);
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
    state_->read_counters.emplace_back(&family.Add(to_map(l)), std::move(read));
}

std::string registry::text() const {
    std::lock_guard lock(state_->mutex);
    for (auto& [gauge, read] : state_->gauges) gauge->Set(read());
    for (auto& [counter, read] : state_->read_counters) {
        auto const missing = read() - counter->Value();
        if (missing > 0) counter->Increment(missing);
    }
    return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace pilothouse::metrics
