#include "app/service/authorization.h"

#include <cstdlib>

/// A token's resource: it opens only what lies below it on this host, and all of that.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll::app::service;
    const std::string resource{reinterpret_cast<const char*>(data), size};
    const std::vector<std::string> hosts{"127.0.0.1:8443", ""};
    const std::vector<std::string> other{"elsewhere.test"};
    const std::vector<std::string> list{"enrollments"};
    const std::vector<std::string> entry{"enrollments", "gx-000183"};
    const bool opensList = coversPath(resource, list, hosts);
    if (opensList && !coversPath(resource, entry, hosts)) {
        std::abort();
    }
    if (opensList && coversPath(resource, list, other)) {
        std::abort();
    }
    return 0;
}
