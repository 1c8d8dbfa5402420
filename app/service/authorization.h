#pragma once

#include "app/service/service_call.h"

namespace enroll::service {

/// Lets a call of the service side through if its shared access signature is in order and its policy has \p right.
///
/// The signature is checked over the resource text as it stands in the token. The resource must name this service, with
/// or without its port (443 where it has none), and a path that is the call's or one above it, segment by segment.
/// \par Errors   401000 (no token), 401001 (right missing), 401002 (anything wrong with the token)
provisioning::ServiceResult<void> requireRight(const ServiceCall& call, Right right);

/// True if a token for \p resource is good for \p path on \p hostNames. Exposed for tests.
bool coversPath(const std::string& resource, const std::vector<std::string>& path,
                const std::vector<std::string>& hostNames);

} // namespace enroll::service
