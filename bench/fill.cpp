// Makes a channel of many versions in a data folder that no server holds, for bench/run.
//
//     pilothouse_bench_fill --data DIR --channel stable --charts 10000 --versions 10
//
// The rows are what pushes would leave, but name archives that do not exist: what is measured on
// them is the index, never a download.
#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/runtime.hpp"
#include "base/sha256.hpp"
#include "base/task_group.hpp"
#include "chart/file_name.hpp"
#include "index/entry_fragment.hpp"
#include "storage/open.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace pilothouse::bench {

namespace {

// Enough at once for the catalogue's writer to commit hundreds of versions in one transaction.
constexpr int adders = 512;

struct wishes {
    std::string data, project = "bench/charts", channel = "stable";
    std::int64_t charts = 1, versions = 1;
};

[[noreturn]] void give_up(failure const& f) {
    throw std::runtime_error(f.detail + (f.cause.empty() ? "" : " (" + f.cause + ")"));
}

template <class T>
T value_of(result<T> r) {
    if (!r) give_up(r.error());
    return std::move(r).value();
}

// `1.2.3`, different for each number, and the greater the newer.
std::string version_text(std::int64_t number) {
    return std::to_string(1 + number / 10'000) + '.' + std::to_string(number / 100 % 100) + '.' +
           std::to_string(number % 100);
}

// Five digits at least, so that the names of up to 100,000 charts sort by their numbers.
std::string chart_text(std::int64_t number) {
    auto const digits = std::to_string(100'000 + number);
    return "chart-" + digits.substr(1);
}

// About what charts in public repositories say of themselves: 0.8 KB of index.
chart::chart_metadata describe(std::string const& name, std::string const& version) {
    chart::chart_metadata m;
    m.name = name;
    m.version = version;
    m.api_version = "v2";
    m.app_version = version;
    m.type = "application";
    m.kube_version = ">=1.25.0-0";
    m.description =
        "Runs " + name + " with persistence, metrics and rolling upgrades on Kubernetes";
    m.home = "https://charts.example.org/" + name;
    m.sources = {"https://git.example.org/charts/" + name};
    m.keywords = {name, "storage", "queue", "metrics"};
    m.maintainers = {{"The " + name + " crew", "crew@example.org", "https://example.org/crew"}};
    chart::dependency library;
    library.name = "common";
    library.version = "2.x.x";
    library.repository = "https://charts.example.org/stable";
    library.tags = {"library"};
    m.dependencies = {library};
    m.annotations = {{"category", "Infrastructure"}, {"licenses", "Apache-2.0"}};
    return m;
}

storage::catalogue_entry make_entry(std::int64_t chart, std::int64_t version, instant created) {
    auto const name = value_of(chart::chart_name::parse(chart_text(chart)));
    auto const number = value_of(chart::chart_version::parse(version_text(version)));
    storage::catalogue_entry entry;
    entry.chart = name.text();
    entry.version = number.text();
    entry.precedence_key = number.precedence_key();
    entry.file_name = chart::file_name(name, number);
    // One digest a version: digests are what of an index compresses least.
    entry.digest = sha256(entry.file_name);
    entry.content = entry.digest;
    entry.size_bytes = 8192;
    entry.created = created;
    entry.fragment = index::render_fragment(describe(entry.chart, entry.version), entry.file_name,
                                            entry.digest, created);
    return entry;
}

// The versions still to be added, oldest first; shared by the adders, all on one core.
struct progress {
    storage::catalogue& catalogue;
    storage::project_id project;
    wishes const& wanted;
    instant now;
    std::int64_t next = 0;
    std::uint64_t fragment_bytes = 0;
};

task<void> add_some(progress& p) {
    auto const all = p.wanted.charts * p.wanted.versions;
    while (p.next < all) {
        auto const number = p.next++;
        auto const created = p.now - std::chrono::seconds(all - number);
        auto entry = make_entry(number % p.wanted.charts, number / p.wanted.charts, created);
        p.fragment_bytes += entry.fragment.size();
        auto const added = co_await p.catalogue.add(p.project, p.wanted.channel, std::move(entry),
                                                    storage::on_duplicate::refuse);
        if (!added) give_up(added.error());
    }
}

task<storage::project_record> find_or_create(storage::project_store& projects, std::string path,
                                             instant now) {
    auto const found = co_await projects.find(path);
    if (found) co_return *found;
    storage::project_record fresh;
    fresh.path = std::move(path);
    fresh.visibility = storage::visibility::public_;
    fresh.created = now;
    co_return value_of(co_await projects.create(std::move(fresh)));
}

void fill(wishes const& wanted) {
    system_clock const time;
    blocking_pool files("files", {});
    auto const stores = value_of(storage::open(storage::folder_backend{wanted.data}, files, time));
    auto const project = run_to_end(find_or_create(stores->projects(), wanted.project, time.now()));

    progress p{stores->catalogue(), project.id, wanted, time.now()};
    std::exception_ptr failed;
    {
        runtime loop(1);
        task_group group([&](std::exception_ptr thrown) { failed = thrown; });
        for (int i = 0; i < adders; ++i) group.spawn(loop.core(0).get_executor(), add_some(p));
        group.wait();
    }
    stores->close();
    if (failed) std::rethrow_exception(failed);
    std::cout << "{\"project\":" << project.id.value
              << ",\"versions\":" << wanted.charts * wanted.versions
              << ",\"fragment_bytes\":" << p.fragment_bytes << "}\n";
}

}  // namespace

}  // namespace pilothouse::bench

int main(int argc, char** argv) try {
    pilothouse::bench::wishes wanted;
    CLI::App app("Fills a channel of a data folder with made-up versions.");
    app.add_option("--data", wanted.data, "the data folder; made where there is none")->required();
    app.add_option("--project", wanted.project, "its path; made, public, where there is none");
    app.add_option("--channel", wanted.channel);
    app.add_option("--charts", wanted.charts)->check(CLI::Range(1, 100'000));
    app.add_option("--versions", wanted.versions, "of each chart")->check(CLI::Range(1, 1'000'000));
    CLI11_PARSE(app, argc, argv);
    pilothouse::bench::fill(wanted);
    return 0;
} catch (std::exception const& e) {
    std::cerr << "pilothouse_bench_fill: " << e.what() << '\n';
    return 1;
}
