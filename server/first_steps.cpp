#include "server/first_steps.hpp"

#include "server/version.hpp"

#include <filesystem>
#include <string_view>

namespace pilothouse {

namespace {

// As one word for a shell.
std::string shell_word(std::string const& text) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:@%+=,";
    if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
    std::string word = "'";
    for (char const c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

}  // namespace

std::string first_steps(std::string const& address, settings const& s, bool nobody_yet) {
    auto const folder = std::filesystem::absolute(s.data).lexically_normal().string();
    std::string text = "Pilothouse " PILOTHOUSE_VERSION " listens on " + address + s.base_path +
                       ", its data is in " + folder + "\n";
    if (!nobody_yet) return text;

    std::error_code unknown;
    auto program = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
    if (unknown) program = "pilothouse";
    auto const ph = shell_word(program);
    auto const data = " --data " + shell_word(folder);
    auto const helm = address + s.base_path + "/api/v4/projects/demo/charts/packages/helm";
    // Where the certificate is one's own, the last two lines need it.
    std::string_view const trust =
        address.starts_with("https")
            ? " that trust the certificate (CURL_CA_BUNDLE=FILE, helm --ca-file FILE)"
            : "";
    text +=
        "\nNobody can log in yet. In another shell, these commands work as they stand:\n\n"
        "  " +
        ph + " user create admin --admin" + data +
        "\n"
        "  TOKEN=$(" +
        ph + " token create --user admin --scope api" + data +
        ")\n"
        "  " +
        ph + " project create demo/charts --visibility public" + data +
        "\n\n"
        "Then push a chart, and read it; this needs curl, and Helm 3 or 4" +
        std::string(trust) +
        ":\n\n"
        "  helm create hello && helm package hello\n"
        "  curl --user \"admin:$TOKEN\" --form 'chart=@hello-0.1.0.tgz' " +
        helm +
        "/api/stable/charts\n"
        "  helm repo add demo " +
        helm + "/stable && helm search repo demo/\n\n";
    return text;
}

}  // namespace pilothouse
