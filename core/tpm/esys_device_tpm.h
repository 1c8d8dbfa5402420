#pragma once

#include "core/attestation/device_tpm.h"
#include "core/transport/device_address.h"

#include <memory>
#include <stop_token>

namespace enroll::tpm {

/// How long a command may take before the TPM counts as silent, by class of command.
struct CommandDeadlines {
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds normal{10'000};
    std::chrono::milliseconds createKey{90'000};
    std::chrono::milliseconds busyRetries{10'000}; ///< total spent on RETRY, YIELDED and TESTING for one command
};

/// The DeviceTpm that talks to a real TPM through ESYS over our own checked channel. Nothing is opened before
/// connect(). \p stop interrupts even a command that is being waited for.
///
/// release() returns at the latest 1.3 s after a line broke, and 1.8 s after a stop. A TPM that is still at one command
/// then, as a slow one that makes a key, keeps what that command loads until it is switched off or restarted; release()
/// says so with D-102.
std::unique_ptr<attestation::DeviceTpm> makeEsysDeviceTpm(const transport::DeviceAddress& address,
                                                          const CommandDeadlines& deadlines, std::stop_token stop);

} // namespace enroll::tpm
