// What an update would change, before it does.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/change_release.hpp"
#include "release/release_parts.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pilothouse::release {

enum class object_change : std::uint8_t { added, changed, removed };

struct object_difference {
    object_change what = object_change::changed;
    std::string api_version, kind, name_space, name;
    std::string text;  // lines that begin with ` `, `+` or `-`; data of Secrets masked
};

// By the newest revision in the cluster and a dry run that the cluster judges. Needs use_cluster;
// errc as change_release has them; besides, errc::wrong_state: more secrets in the values than can
// be struck out of what is shown (release/redaction.hpp).
class diff_release {
public:
    explicit diff_release(release_parts const& parts) : parts_(parts) {}

    [[nodiscard]] task<result<std::vector<object_difference>>> update(auth::grant const& g,
                                                                      update_request wanted);
    // All that an install would make, the chart's definitions (release/chart_definitions.hpp), too.
    [[nodiscard]] task<result<std::vector<object_difference>>> install(auth::grant const& g,
                                                                       install_request wanted);
    // Whether the version that an update would bring has definitions, which it leaves as they are.
    [[nodiscard]] task<result<bool>> leaves_definitions(auth::grant const& g,
                                                        update_request wanted);

private:
    release_parts const& parts_;
};

}  // namespace pilothouse::release
