// GET …/:channel/charts/:file_name.tgz, and its .prov
#include "base/percent_encoding.hpp"
#include "registry/channel_reference.hpp"
#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/words.hpp"
#include "server/serving/serve_blob.hpp"

#include <string_view>
#include <utility>

namespace pilothouse::gitlab {

namespace {

constexpr std::string_view archive_suffix = ".tgz";

http::response send(http::exchange const& x, registry::pulled const& file,
                    std::string const& file_name, std::string_view content_type) {
    serving::blob_form form{
        content_type, {serving::saved_as(file_name), {"Content-Transfer-Encoding", "binary"}}};
    if (file.yanked_reason)
        form.fields.emplace_back("X-Pilothouse-Yanked", percent_encode(*file.yanked_reason));
    return with_usual_fields(serving::serve_blob(x.head, file.content, file.digest, form));
}

}  // namespace

task<http::response> helm_handlers::download(http::exchange& x) {
    auto const named = registry::channel_reference::parse(x.parameters[1]).value();
    auto const& file = x.parameters[2];

    if (file.ends_with(archive_suffix)) {
        auto const pulled = co_await uses_.pull_chart.archive(*x.grant, named, file);
        if (pulled) co_return send(x, *pulled, file, "application/octet-stream");
        if (pulled.error().code != errc::not_found) co_return words().refuse(x, pulled.error());
        co_return file_not_found(pulled.error().detail);
    }
    auto const dot = file.rfind(std::string(archive_suffix) + ".");
    if (dot == std::string::npos) co_return words().no_route(404);

    auto const archive = file.substr(0, dot + archive_suffix.size());
    auto const extension = file.substr(archive.size() + 1);
    if (extension == "prov") {
        auto const pulled = co_await uses_.pull_chart.provenance(*x.grant, named, archive);
        if (pulled) co_return send(x, *pulled, file, "application/pgp-signature");
        if (pulled.error().code != errc::not_found) co_return words().refuse(x, pulled.error());
    }
    co_return format_not_found(extension);
}

}  // namespace pilothouse::gitlab
