#pragma once

#include "app/service/service_call.h"

namespace enroll::app::service {

/// Checks that a call of the service API carries a valid shared access signature of a policy that has \p right.
///
/// The signature is checked over the resource text exactly as in the token. The resource must name this service, with
/// or without the port, and then the path of the call or a part of its beginning, segment by segment.
/// \par Errors   401000 (no token), 401001 (the policy lacks the right), 401002 (the token is malformed, expired, for
///               another resource or not signed by the policy it names)
provisioning::ServiceResult<void> requireRight(const ServiceCall& call, Right right);

/// True if a token for \p resource covers \p path on one of \p hostNames. Declared here for its test.
bool coversPath(const std::string& resource, const std::vector<std::string>& path,
                const std::vector<std::string>& hostNames);

} // namespace enroll::app::service
