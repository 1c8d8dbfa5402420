#include "core/base/bytes.h"
#include "core/enrollment/product_profile.h"
#include "core/enrollment/registration_id.h"

#include <cstdlib>

/// What a scanner types: a narrow profile takes nothing that a wide one refuses, and an id made of a serial is one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace enroll::enrollment;
    const auto text = asText(std::as_bytes(std::span{data, size}));
    ProductProfile wide;
    wide.registrationIdRule = RegistrationIdRule::Serial;
    ProductProfile narrow;
    static const auto kGateway = SerialPattern::compile("^[A-Z]{2}-[0-9]{6}$").value();
    narrow.serialPattern = kGateway;
    const auto serial = parseSerialNumber(text, wide);
    const bool fits = parseSerialNumber(text, narrow).ok();
    if ((fits && !serial.ok()) || (fits && text.size() != 9) || (serial.ok() && serial->text() != text)) {
        std::abort();
    }
    if (serial.ok()) {
        const auto id = registrationIdFor(wide, *serial, {});
        if (id.ok() && (id->text() != text || !sameRegistrationId(RegistrationId{registrationKey(*id)}, *id))) {
            std::abort();
        }
    }
    return 0;
}
