#pragma once

#include "app/agent/station_line.h"
#include "core/system/descriptor.h"
#include "core/system/wake_up.h"
#include "core/transport/tls_context.h"

#include <functional>
#include <memory>

namespace enroll::app::agent {

/// Makes the line of a station out of \p socket, which is accepted and non-blocking; what it sends until then is no
/// command. Once \p stop is raised, it and every wait of the line end with D-141. Errors are told on standard error: whoever
/// has connected is not let in.
using Reception =
    std::function<Result<std::unique_ptr<StationLine>>(system::Descriptor socket, const system::WakeUp& stop)>;

/// Whoever connects is a station.
Reception receiveAnybody();

/// Stations alone that show a certificate of the plant's, in TLS 1.3, and have done so within \p handshake. The line holds no
/// more than one TLS record each way besides. Errors of TlsStream::accept().
Reception receiveByTls(transport::TlsContext context, std::chrono::milliseconds handshake);

} // namespace enroll::app::agent
