#pragma once

#include "core/attestation/device_tpm.h"
#include "core/transport/agent_files.h"
#include "core/transport/device_address.h"

#include <memory>
#include <stop_token>

namespace enroll::tpm {

/// How long the station waits for a TPM before it counts as silent.
struct CommandDeadlines {
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds normal{10'000};
    std::chrono::milliseconds createKey{90'000}; ///< CommandClass::CreateKey: an RSA key may take a chip a minute
    /// From connect() on, for all commands together: a device that gives each answer just in time must not hold a slot
    /// for an hour. Each key that is created adds createKey.
    std::chrono::milliseconds run{120'000};
    std::chrono::milliseconds busyRetries{10'000}; ///< total spent on "not now" for one command
};

/// The DeviceTpm that talks to a real TPM: ESYS over a TpmExchange, which checks each response. Nothing is opened
/// before connect(). Use it on one thread; \p stop may be asked on any thread, and interrupts even a wait for a
/// response.
///
/// \p files are openChannel()'s.
///
/// release() returns at the latest 1.3 s after the connection broke, and 1.8 s after a stop. If the TPM is still busy
/// with one command then (a slow chip that creates a key), what that command loads stays in the TPM until it is
/// restarted; release() returns D-102.
std::unique_ptr<attestation::DeviceTpm> makeEsysDeviceTpm(const transport::DeviceAddress& address,
                                                          const CommandDeadlines& deadlines, std::stop_token stop,
                                                          const transport::AgentFiles& files = {});

} // namespace enroll::tpm
