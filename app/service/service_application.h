#pragma once

#include "app/service/service_options.h"

namespace enroll::app::service {

/// Runs the service until it is told to end. Says `listening on https://HOST:PORT` on standard output when it is ready.
/// With initOnly it makes the data directory's files and returns.
/// \par Errors   P-701 to P-704 (list), P-711 (files), P-712 (cannot listen), S-331 (options), S-340
Result<void> runService(const ServiceOptions& options);

} // namespace enroll::app::service
