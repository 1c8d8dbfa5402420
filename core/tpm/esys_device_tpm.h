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
std::unique_ptr<attestation::DeviceTpm> makeEsysDeviceTpm(const transport::DeviceAddress& address,
                                                          const CommandDeadlines& deadlines, std::stop_token stop);

} // namespace enroll::tpm
