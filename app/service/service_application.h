#pragma once

#include "app/service/service_options.h"

namespace enroll::service {

/// Runs the service until SIGTERM or SIGINT. Writes `listening on https://HOST:PORT` to standard output when it is
/// ready. With options.initOnly it makes the files of the data directory and returns.
/// \par Errors   S-301 (files or list), S-302, S-321 (cannot listen), S-330 (policies), S-331 (options), S-340
Result<void> runService(const ServiceOptions& options);

} // namespace enroll::service
