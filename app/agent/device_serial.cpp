#include "app/agent/device_serial.h"

#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/system/whole_file.h"
#include "core/tpm/agent_announcement.h"

#include <algorithm>
#include <array>

namespace enroll::app::agent {
namespace {

constexpr std::size_t kLongestFile = 4096; // the firmware's are a page at most

constexpr std::array<std::string_view, 9> kNoSerialNumbers{
    "To Be Filled By O.E.M.",
    "To Be Filled By OEM",
    "Default string",
    "System Serial Number",
    "Not Specified",
    "Not Applicable",
    "Not Available",
    "None",
    "INVALID",
};

/// A device tree's texts end with a zero, those of sysfs with a line end.
std::string_view bare(std::string_view text)
{
    const auto last = text.find_last_not_of('\0');
    return trimmed(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

/// True for what a board has where nobody gave it a serial number, of zeros alone as well.
bool isPlaceholder(std::string_view serial)
{
    const auto says = [serial](std::string_view none) { return equalWithoutCase(serial, none); };
    return std::ranges::any_of(kNoSerialNumbers, says) || std::ranges::all_of(serial, [](char c) { return c == '0'; });
}

} // namespace

Result<std::string> readSerialNumber(const std::filesystem::path& file)
{
    TRY_ASSIGN(const auto text, system::readWholeText(file, kLongestFile));
    const auto serial = bare(text);
    if (!tpm::mayBeAnnouncedSerial(serial)) {
        return makeError(StationCode::EncodingMalformed, file.string() + " holds no serial number: one line of 1 to " +
                                                             std::to_string(tpm::kMostSerialBytes) +
                                                             " bytes of UTF-8 is needed");
    }
    return std::string{serial};
}

std::span<const std::filesystem::path> firmwareSerialFiles()
{
    static const std::array<std::filesystem::path, 2> kFiles{"/sys/class/dmi/id/product_serial",
                                                             "/sys/firmware/devicetree/base/serial-number"};
    return kFiles;
}

std::string serialNumberOfFirmware(std::span<const std::filesystem::path> files)
{
    for (const auto& file : files) {
        auto serial = readSerialNumber(file);
        if (serial && !isPlaceholder(*serial)) {
            return std::move(serial).value();
        }
    }
    return {};
}

} // namespace enroll::app::agent
