#include "core/enrollment/announced_serial.h"

#include "core/base/device_code.h"
#include "core/base/written_text.h"

namespace enroll::enrollment {
namespace {

Error saying(ErrorCode code, const std::string& said, std::string what)
{
    auto error = makeError(code, std::move(what), "question to enroll-agent");
    error.subject = said;
    return error;
}

} // namespace

Result<void> requireAnnounced(const std::optional<std::string>& said, const SerialNumber& serial,
                              const ProductProfile& profile)
{
    if (!said) {
        return saying(DeviceCode::SaysNoSerial, {}, "no enroll-agent answers there");
    }
    if (said->empty()) {
        return saying(DeviceCode::SaysNoSerial, {}, "the device's enroll-agent knows no serial number");
    }
    if (*said == serial.text()) {
        return {};
    }
    if (const auto fits = parseSerialNumber(*said, profile); !fits.ok()) {
        return saying(DeviceCode::SaysUnfitSerial, *said,
                      "the device says that it is " + quotedText(*said) + ": " + fits.error().what);
    }
    return saying(DeviceCode::SaysOtherSerial, *said,
                  "the device says that it is " + quotedText(*said) + ", and is to be tested as " +
                      quotedText(serial.text()));
}

} // namespace enroll::enrollment
