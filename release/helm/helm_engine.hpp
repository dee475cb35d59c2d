// Adapter: charts are installed by the program helm, a child for each step.
#pragma once

#include "base/blocking_pool.hpp"
#include "release/engine.hpp"
#include "release/helm/changes.hpp"
#include "release/helm/helm_program.hpp"
#include "release/helm/lanes.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <type_traits>

namespace pilothouse::release::helm {

// Nothing of a run outlives it: neither child nor folder. Children end (SIGTERM) when the server
// dies. A shutdown has to cancel what runs: the destructor waits for it.
class helm_engine final : public engine {
public:
    struct settings {
        std::filesystem::path program;  // empty: the `helm` on PATH
        std::filesystem::path folder;   // for the folders of runs; its own, emptied at the start
        std::uint64_t data_bytes_max = child_limits().data_bytes_max;  // of a child's memory
        std::chrono::seconds grace{60};  // between asking a child to end and ending it
        std::size_t threads = 4;         // changes at once; reads besides, two of a cluster
        bool server_side = true;         // commands.hpp
    };

    explicit helm_engine(settings s);
    ~helm_engine() override;

    void stop() noexcept override { program_.stop(); }
    [[nodiscard]] task<result<engine_version>> version() override;
    [[nodiscard]] task<run_end> install(target where, payload what, operation_options how,
                                        std::string operation,
                                        std::shared_ptr<run_control> control) override;
    [[nodiscard]] task<run_end> upgrade(target where, payload what, operation_options how,
                                        std::string operation,
                                        std::shared_ptr<run_control> control) override;
    [[nodiscard]] task<run_end> rollback(target where, int to, operation_options how,
                                         std::shared_ptr<run_control> control) override;
    [[nodiscard]] task<run_end> uninstall(target where, operation_options how,
                                          std::shared_ptr<run_control> control) override;

    [[nodiscard]] task<result<std::vector<revision>>> history(target where) override;
    [[nodiscard]] task<result<int>> revision_of(target where, std::string operation) override;
    [[nodiscard]] task<result<std::vector<listed_release>>> list(secret kubeconfig,
                                                                 std::string name_space,
                                                                 int cancel) override;
    [[nodiscard]] task<result<secret>> values(target where) override;
    [[nodiscard]] task<result<std::vector<rendered_object>>> render(target where, payload what,
                                                                    bool upgrade) override;
    [[nodiscard]] task<result<std::vector<rendered_object>>> render_offline(target where,
                                                                            payload what) override;
    [[nodiscard]] task<result<std::vector<rendered_object>>> manifest(target where,
                                                                      int number) override;

private:
    class inquiry;
    // Of one change; all outlive it.
    struct subject {
        target const& where;
        operation_options const& how;
        run_control& control;
        payload const* brought;  // null: nothing
    };
    using step = std::function<run_end(changes&)>;  // blocks

    [[nodiscard]] changes::context context();
    template <class Job>
    [[nodiscard]] task<std::invoke_result_t<Job>> in_turn(target const& where, Job const& job);
    [[nodiscard]] task<run_end> change(subject of, step const& what);

    settings settings_;
    helm_program program_;
    // Apart, so that nobody waits for an install to look, nor for a cluster to hear what a chart
    // says by itself, nor for either to hear whether there is a helm.
    blocking_pool changing_, reading_, judging_, listing_, looking_;
    // For what operations ask, which wait behind nobody who looks.
    blocking_pool asking_;
    lanes readers_, judges_,
        askers_;  // a cluster that says nothing holds no more of them than these
};

}  // namespace pilothouse::release::helm
