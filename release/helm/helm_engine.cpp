#include "release/helm/helm_engine.hpp"

#include "release/helm/answers.hpp"
#include "release/helm/failures.hpp"
#include "release/helm/objects.hpp"
#include "release/helm/questions.hpp"
#include "release/helm/schema_references.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

namespace pilothouse::release::helm {

namespace {

constexpr std::size_t description_bytes_max = 4096;
// Each is a process; most are done in a moment, but a cluster may keep its own for a minute.
constexpr std::size_t readers = 8, readers_of_a_cluster = 2;
constexpr std::size_t judges = 4, judges_of_a_cluster = 2;
// Charts that mean well take a second or two without a cluster.
constexpr std::chrono::seconds rendering_time{15};
// As many as operations can wait for one cluster that is away.
constexpr std::size_t askers_waiting_max = 100'000;

std::size_t lane_of(secret const& kubeconfig) {
    return std::hash<std::string_view>()(kubeconfig.reveal());
}

// Everything secret that a run knows of, and the paths that are nobody's business.
redaction redaction_for(secret const& kubeconfig, payload const* what,
                        helm_engine::settings const& s) {
    auto secrets = secrets_of(kubeconfig);
    std::vector<std::string> paths{s.folder.string()};
    if (what != nullptr) {
        secrets.insert(secrets.end(), what->redacted.begin(), what->redacted.end());
        paths.push_back(what->archive.string());
    }
    return redaction(secrets, std::move(paths));
}

}  // namespace

// Asks; blocks. One for each call.
class helm_engine::inquiry {
public:
    inquiry(helm_engine& engine, secret const& kubeconfig, payload const* what = nullptr)
        : engine_(engine),
          kubeconfig_(kubeconfig),
          redact_(redaction_for(kubeconfig, what, engine.settings_)) {}

    // The command of the helm that there is: `tell(commands)`.
    template <class Tell>
    result<secret> operator()(Tell const& tell, secret const* input = nullptr, int cancel = -1) {
        PILOTHOUSE_TRY(auto const helm, engine_.program_.look());
        question const what{tell(commands(helm.version)), &kubeconfig_, input, cancel};
        return ask(engine_.program_, what, redact_);
    }

    result<std::vector<revision>> history(target const& where) {
        auto const answer =
            (*this)([&](commands const& c) { return c.history(where); }, nullptr, where.cancel);
        if (!answer && answer.error().code == errc::not_found) return std::vector<revision>();
        if (!answer) return answer.error();
        PILOTHOUSE_TRY(auto all, read_history(answer->reveal()));
        for (auto& one : all)
            one.description = abridged(redact_(one.description), description_bytes_max);
        std::ranges::sort(all, {}, &revision::number);
        return all;
    }

    result<int> revision_of(target const& where, std::string const& operation) {
        PILOTHOUSE_TRY(auto const all, history(where));
        for (auto one = all.rbegin(); one != all.rend(); ++one) {
            auto const answer =
                (*this)([&](commands const& c) { return c.operation_of(where, one->number); });
            // Revisions beyond the kept ones go while we look.
            if (!answer && answer.error().code == errc::not_found) continue;
            if (!answer) return answer.error();
            if (answer->reveal() == operation) return one->number;
        }
        return 0;
    }

    result<std::vector<rendered_object>> manifest(target const& where, int number) {
        PILOTHOUSE_TRY(auto const applied,
                       (*this)([&](commands const& c) { return c.manifest(where, number); }));
        PILOTHOUSE_TRY(auto const hooks,
                       (*this)([&](commands const& c) { return c.hooks(where, number); }));
        auto all = split_objects(applied.reveal());
        auto more = split_objects(hooks.reveal(), true);
        std::ranges::move(more, std::back_inserter(all));
        return all;
    }

    result<std::vector<rendered_object>> render(target const& where, payload const& what,
                                                bool upgrade) {
        auto const schema = check_schema_references(what.archive);
        if (!schema) return schema.error();
        PILOTHOUSE_TRY(
            auto const answer,
            (*this)([&](commands const& c) { return c.dry_run(where, what.archive, upgrade); },
                    &what.values));
        PILOTHOUSE_TRY(auto const made, read_rendering(answer.reveal()));
        auto all = split_objects(made.manifest);
        for (auto const& hook : made.hooks) {
            auto more = split_objects(hook, true);
            std::ranges::move(more, std::back_inserter(all));
        }
        return all;
    }

private:
    helm_engine& engine_;
    secret const& kubeconfig_;
    redaction redact_;
};

helm_engine::helm_engine(settings s)
    : settings_(std::move(s)),
      program_({.program = settings_.program,
                .folder = settings_.folder,
                .limits = {.data_bytes_max = settings_.data_bytes_max}}),
      changing_("helm-change", {.threads = settings_.threads}),
      reading_("helm-read", {.threads = readers}),
      judging_("helm-judge", {.threads = judges}),
      listing_("helm-list", {.threads = std::min<std::size_t>(settings_.threads, 2)}),
      looking_("helm-look", {.threads = 1}),
      asking_("helm-ask", {.threads = readers}),
      readers_(readers_of_a_cluster),
      judges_(judges_of_a_cluster),
      askers_(readers_of_a_cluster, askers_waiting_max) {}

helm_engine::~helm_engine() = default;

changes::context helm_engine::context() {
    return {program_, settings_.server_side, settings_.grace};
}

template <class Job>
task<std::invoke_result_t<Job>> helm_engine::in_turn(target const& where, Job const& job) {
    auto& lane = where.for_operation ? askers_ : readers_;
    auto& threads = where.for_operation ? asking_ : reading_;
    PILOTHOUSE_CO_TRY(auto const slot, co_await lane.enter(lane_of(where.kubeconfig)));
    co_return co_await threads.run(job);
}

task<result<engine_version>> helm_engine::version() {
    auto const job = [&]() -> result<engine_version> {
        PILOTHOUSE_TRY(auto found, program_.look());
        return found.version;
    };
    co_return co_await looking_.run(job);
}

task<run_end> helm_engine::change(subject of, step const& what) {
    auto const job = [&] {
        changes made(context(), of.where, of.how, of.control,
                     redaction_for(of.where.kubeconfig, of.brought, settings_));
        return result<run_end>(what(made));
    };
    auto end = co_await changing_.run(job);
    co_return end ? std::move(end).value() : not_run(end.error());
}

task<run_end> helm_engine::install(target where, payload what, operation_options how,
                                   std::string operation, std::shared_ptr<run_control> control) {
    step const install = [&](changes& c) { return c.install(what, operation); };
    subject const of{where, how, *control, &what};
    co_return co_await change(of, install);
}

task<run_end> helm_engine::upgrade(target where, payload what, operation_options how,
                                   std::string operation, std::shared_ptr<run_control> control) {
    step const upgrade = [&](changes& c) { return c.upgrade(what, operation); };
    subject const of{where, how, *control, &what};
    co_return co_await change(of, upgrade);
}

task<run_end> helm_engine::rollback(target where, int to, operation_options how,
                                    std::shared_ptr<run_control> control) {
    step const roll_back = [&](changes& c) { return c.rollback(to); };
    subject const of{where, how, *control, nullptr};
    co_return co_await change(of, roll_back);
}

task<run_end> helm_engine::uninstall(target where, operation_options how,
                                     std::shared_ptr<run_control> control) {
    step const uninstall = [](changes& c) { return c.uninstall(); };
    subject const of{where, how, *control, nullptr};
    co_return co_await change(of, uninstall);
}

task<result<std::vector<revision>>> helm_engine::history(target where) {
    auto const job = [&] { return inquiry(*this, where.kubeconfig).history(where); };
    co_return co_await in_turn(where, job);
}

task<result<int>> helm_engine::revision_of(target where, std::string operation) {
    auto const job = [&] { return inquiry(*this, where.kubeconfig).revision_of(where, operation); };
    co_return co_await in_turn(where, job);
}

task<result<std::vector<listed_release>>> helm_engine::list(secret kubeconfig,
                                                            std::string name_space, int cancel) {
    auto const job = [&]() -> result<std::vector<listed_release>> {
        inquiry put(*this, kubeconfig);
        PILOTHOUSE_TRY(auto const answer,
                       put([&](commands const& c) { return c.list(name_space); }, nullptr, cancel));
        return read_list(answer.reveal());
    };
    co_return co_await listing_.run(job);
}

task<result<secret>> helm_engine::values(target where) {
    auto const job = [&]() -> result<secret> {
        inquiry put(*this, where.kubeconfig);
        PILOTHOUSE_TRY(auto const answer, put([&](commands const& c) { return c.values(where); }));
        return read_values(answer.reveal());
    };
    co_return co_await in_turn(where, job);
}

task<result<std::vector<rendered_object>>> helm_engine::render(target where, payload what,
                                                               bool upgrade) {
    auto const job = [&] {
        return inquiry(*this, where.kubeconfig, &what).render(where, what, upgrade);
    };
    co_return co_await in_turn(where, job);
}

task<result<std::vector<rendered_object>>> helm_engine::render_offline(target where, payload what) {
    auto const job = [&]() -> result<std::vector<rendered_object>> {
        auto const schema = check_schema_references(what.archive);
        if (!schema) return schema.error();
        PILOTHOUSE_TRY(auto const helm, program_.look());
        auto const redact = redaction_for(where.kubeconfig, &what, settings_);
        question const rendered{commands(helm.version).render(where, what.archive), nullptr,
                                &what.values, -1, rendering_time};
        PILOTHOUSE_TRY(auto const answer, ask(program_, rendered, redact));
        return split_objects(answer.reveal());
    };
    PILOTHOUSE_CO_TRY(auto const slot, co_await judges_.enter(lane_of(where.kubeconfig)));
    co_return co_await judging_.run(job);
}

task<result<std::vector<rendered_object>>> helm_engine::manifest(target where, int number) {
    auto const job = [&] { return inquiry(*this, where.kubeconfig).manifest(where, number); };
    co_return co_await in_turn(where, job);
}

}  // namespace pilothouse::release::helm
