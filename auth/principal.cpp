#include "auth/principal.hpp"

namespace pilothouse::auth {

namespace {

// A pointer that owns nothing: copies of it touch no counter that the cores would fight for.
std::shared_ptr<principal const> immortal(principal const& p) {
    return {std::shared_ptr<void const>(), &p};
}

principal make(principal::kind what, char const* name) {
    principal p;
    p.what = what;
    p.name = name;
    return p;
}

}  // namespace

std::shared_ptr<principal const> anonymous() {
    static principal const nobody = make(principal::kind::anonymous, "anonymous");
    return immortal(nobody);
}

std::shared_ptr<principal const> local_operator() {
    static principal const who = make(principal::kind::local_operator, "local operator");
    return immortal(who);
}

}  // namespace pilothouse::auth
