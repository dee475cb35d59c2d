#include "server/look_around.hpp"

#include "server/http/listening_socket.hpp"
#include "server/http/tls.hpp"
#include "storage/open.hpp"

namespace pilothouse {

namespace {

template <class Value>
void add_fault(std::vector<std::string>& faults, char const* key, result<Value> const& verdict) {
    if (!verdict) faults.push_back("`" + std::string(key) + "`: " + verdict.error().detail);
}

}  // namespace

std::vector<std::string> look_around(settings const& s) {
    std::vector<std::string> faults;
    add_fault(faults, "data", storage::look_at({s.data}));
    add_fault(faults, "listen", http::try_address(*parse_listen_address(s.listen)));
    if (!s.tls_certificate.empty())
        add_fault(faults, "tls", http::tls_context::load({s.tls_certificate, s.tls_key}));
    if (!s.metrics_listen.empty())
        add_fault(faults, "metrics.listen",
                  http::try_address(*parse_listen_address(s.metrics_listen)));
    return faults;
}

}  // namespace pilothouse
