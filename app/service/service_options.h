#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace enroll::app::service {

/// The command line, not yet checked.
struct ServiceOptions {
    std::string listen = "127.0.0.1:8443";
    std::filesystem::path data;
    std::string idScope = "0ne00000001";
    std::vector<std::string> hubs;
    std::filesystem::path tlsCertificate; ///< PEM chain; empty: the service makes a certificate of its own
    std::filesystem::path tlsKey;
    bool initOnly = false;
};

/// Error S-331 unless the id scope is 1..64 letters and digits: it stands in every device's path.
Result<void> requireIdScope(const std::string& text);

/// Error S-331 unless every linked hub is a host name.
Result<void> requireHubs(const std::vector<std::string>& hubs);

} // namespace enroll::app::service
