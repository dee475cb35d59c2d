// The rights that an installation needs, and those that a cluster says it grants.
#pragma once

#include "release/inspector.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace pilothouse::release::kubernetes {

// For releases in this namespace (contracts: helm-engine 6). An empty `name_space` of one means
// the whole cluster. `has_namespace`: it need not be made.
[[nodiscard]] std::vector<missing_right> needed_rights(std::string const& name_space,
                                                       bool has_namespace);

// Whether a SelfSubjectRulesReview of the namespace grants it for sure; false says nothing: such
// a review may be incomplete, and does not know what counts in the whole cluster.
[[nodiscard]] bool grants(boost::json::value const& rules_review, missing_right const& right);

// The reviews that a cluster is asked for: their paths, and what is posted there.
inline constexpr auto access_review_path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
inline constexpr auto rules_review_path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
inline constexpr auto user_review_path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
[[nodiscard]] boost::json::value access_review(missing_right const& right);
[[nodiscard]] boost::json::value rules_review(std::string const& name_space);
[[nodiscard]] boost::json::value user_review();

}  // namespace pilothouse::release::kubernetes
