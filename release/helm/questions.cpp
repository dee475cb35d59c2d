#include "release/helm/questions.hpp"

#include "release/helm/failures.hpp"

#include <boost/json.hpp>

#include <utility>

namespace pilothouse::release::helm {

namespace {

namespace json = boost::json;

constexpr std::chrono::seconds answer_grace{5};
constexpr std::size_t output_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t message_bytes_max = 4096;

void add_texts(json::value const& from, std::vector<std::string>& to) {
    if (auto const* const text = from.if_string()) to.emplace_back(text->data(), text->size());
    if (auto const* const items = from.if_array())
        for (auto const& item : *items) add_texts(item, to);
    if (auto const* const fields = from.if_object())
        for (auto const& member : *fields) add_texts(member.value(), to);
}

bool lacked_memory(std::string_view said) {
    return said.find("out of memory") != said.npos ||
           said.find("cannot allocate memory") != said.npos;
}

}  // namespace

result<secret> ask(helm_program& program, question const& what, redaction const& redact) {
    PILOTHOUSE_TRY(auto const found, program.look());
    helm_run run{.arguments = what.what, .kubeconfig = what.kubeconfig, .input = what.input};
    run.watch.deadline = std::chrono::steady_clock::now() + what.time;
    run.watch.grace = answer_grace;
    run.watch.output = {output_bytes_max, 0};
    run.watch.cancel_descriptor = what.cancel_descriptor;
    PILOTHOUSE_TRY(auto const end, program.run(found.program, run));
    if (end.asked == child_end::demand::deadline)
        return failure(errc::timed_out, "Helm did not answer within " +
                                            std::to_string(what.time.count()) +
                                            " seconds: the cluster is slow, or the chart's "
                                            "templates are endless.");
    if (end.asked == child_end::demand::cancelled)
        return failure(errc::cancelled, "Helm was not asked to its end.");
    if (end.exit_status != 0) {
        auto why = death_of(end);
        why.detail = worded(why.detail, redact);
        return why;
    }
    if (!end.output.whole()) return failure(errc::too_large, "The answer of helm is too long.");
    return secret(end.output.text());
}

std::string worded(std::string_view said, redaction const& redact) {
    return abridged(redact(said), message_bytes_max);
}

failure death_of(child_end const& end) {
    auto const text = end.errors.text();
    auto const said = error_part(text);
    if (end.exit_status < 0)
        return failure(errc::broken,
                       "Helm was ended by signal " + std::to_string(end.signal) + ".");
    if (lacked_memory(said))
        return failure(errc::broken, "Helm needed more memory than it may take.");
    if (end.exit_status != 1) return failure(errc::broken, "Helm broke down: " + std::string(said));
    auto const code = classify(said);
    return failure(code, said.empty() ? "Helm failed and did not say why." : std::string(said));
}

std::vector<std::string> secrets_of(secret const& kubeconfig) {
    std::vector<std::string> all;
    boost::system::error_code error;
    auto const whole = json::parse(kubeconfig.reveal(), error);
    auto const* const object = error ? nullptr : whole.if_object();
    auto const* const users = object == nullptr ? nullptr : object->if_contains("users");
    if (users == nullptr || !users->is_array()) return all;
    for (auto const& user : users->get_array())
        if (user.is_object())
            if (auto const* const credential = user.get_object().if_contains("user"))
                add_texts(*credential, all);
    return all;
}

}  // namespace pilothouse::release::helm
