#include "core/tpm/presence_probe.h"

#include "core/base/bytes.h"
#include "core/base/device_code.h"
#include "core/tpm/tpm_exchange.h"
#include "core/transport/open_channel.h"

#include <tss2/tss2_tpm2_types.h>

namespace enroll::tpm {
namespace {

/// TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES, TPM_PT_MANUFACTURER, 1). TPM 2.0 Library, Part 3, section 30.2.
Bytes oneProperty()
{
    ByteWriter writer;
    writer.u16(TPM2_ST_NO_SESSIONS);
    writer.u32(22); // of the whole command
    writer.u32(TPM2_CC_GetCapability);
    writer.u32(TPM2_CAP_TPM_PROPERTIES);
    writer.u32(TPM2_PT_MANUFACTURER);
    writer.u32(1);
    return std::move(writer).take();
}

} // namespace

std::optional<bool> tpmAnswers(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                               const std::stop_token& stop)
{
    const auto end = Deadline::in(patience);
    auto channel = transport::openChannel(address, end, stop);
    if (!channel.ok()) {
        const auto code = channel.error().code;
        return code == DeviceCode::NoTpmAnswers || code == DeviceCode::TpmTimedOut ? std::optional{false}
                                                                                   : std::nullopt;
    }
    CommandDeadlines deadlines;
    deadlines.normal = patience;
    deadlines.busyRetries = patience;
    TpmExchange exchange(std::move(channel).value(), deadlines, stop, end);
    const auto response = exchange.run(oneProperty());
    if (response.ok()) {
        return true;
    }
    const auto code = response.error().code;
    const bool closed = code == DeviceCode::NoTpmAnswers || code == DeviceCode::TpmResponseTruncated;
    return closed ? std::optional{false} : std::nullopt;
}

} // namespace enroll::tpm
