// A certificate's version and model, and a TPM's words, one a line: a version is two numbers or none, and never later than
// itself; two texts are of one chip whichever is named first, and a text is of its own chip.

#include "core/attestation/certified_chip.h"
#include "core/base/bytes.h"

#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

/// What stands before the next line feed of \p text, which loses it.
std::string takeLine(std::string_view& text)
{
    const auto end = text.find('\n');
    const std::string line{text.substr(0, end)};
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace enroll::attestation;
    auto text = asText(std::as_bytes(std::span{data, size}));
    const auto version = takeLine(text);
    const auto firmware = takeLine(text);
    const auto vendorString = takeLine(text);
    const auto model = takeLine(text);
    for (const std::uint32_t maker : {0x49465800U, 0x53544D20U, 0x4E544300U, 0x414D4400U}) {
        const auto certified = certifiedFirmware(maker, version);
        (void)isLaterThanStated(certified, firmware);
        require(!certified || (certified->at(2) == 0 && certified->at(3) == 0 && maker != 0x414D4400U));
        require(!certified || !isLaterThanStated(certified, firmwareText(*certified)));
    }
    require(namesOtherModel(vendorString, model) == namesOtherModel(model, vendorString));
    require(!namesOtherModel(model, model));
    (void)isMakersName(vendorString);
    (void)certifiedFirmwareText(model, version);
    return 0;
}
