#include "core/base/uuid.h"

#include "core/base/bytes.h"
#include "core/base/station_code.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <mutex>
#include <sys/random.h>

namespace enroll {
namespace {

constexpr std::array<std::size_t, 4> kDashes{8, 13, 18, 23};

void fillRandom(std::span<std::byte> out)
{
    while (!out.empty()) {
        const auto got = getrandom(out.data(), out.size(), 0);
        if (got > 0) {
            out = out.subspan(static_cast<std::size_t>(got));
        }
    }
}

struct Tick {
    std::uint64_t milliseconds;
    std::uint16_t counter; ///< 12 bits
};

/// The next pair of time and counter, greater than every pair before. \p seed sets the counter in a new millisecond.
Tick nextTick(std::uint16_t seed)
{
    static std::mutex mutex;
    static Tick last{0, 0};
    const std::lock_guard lock{mutex};
    const auto now = static_cast<std::uint64_t>(utcNow().time_since_epoch().count());
    if (now > last.milliseconds) {
        last = {now, static_cast<std::uint16_t>(seed & 0x7FFU)}; // top bit clear: 2048 ids fit behind it at least
    } else if (last.counter < 0xFFFU) {
        ++last.counter;
    } else {
        last = {last.milliseconds + 1, 0}; // the counter is used up: the id's time runs ahead of the clock
    }
    return last;
}

Bytes digitsOf(std::string_view text)
{
    std::string hex;
    std::ranges::copy_if(text, std::back_inserter(hex), [](char c) { return c != '-'; });
    auto bytes = fromHex(hex);
    return bytes.ok() ? std::move(bytes).value() : Bytes{};
}

} // namespace

std::string makeUuidV7()
{
    std::array<std::byte, 10> random{};
    fillRandom(random);
    const auto tick = nextTick(static_cast<std::uint16_t>((std::to_integer<unsigned>(random[0]) << 8U) |
                                                          std::to_integer<unsigned>(random[1])));
    random[2] = (random[2] & std::byte{0x3F}) | std::byte{0x80}; // variant 10
    ByteWriter writer;
    writer.u16(static_cast<std::uint16_t>(tick.milliseconds >> 32U)).u32(static_cast<std::uint32_t>(tick.milliseconds));
    writer.u16(static_cast<std::uint16_t>(0x7000U | tick.counter)).bytes(ByteView{random}.subspan(2));
    auto text = toHex(writer.view());
    for (const auto position : kDashes) {
        text.insert(position, 1, '-');
    }
    return text;
}

Result<std::string> parseUuidV7(std::string_view text)
{
    std::string lower;
    std::ranges::transform(text, std::back_inserter(lower),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool shaped = lower.size() == 36 && std::ranges::all_of(kDashes, [&](auto i) { return lower[i] == '-'; });
    if (!shaped || digitsOf(lower).size() != 16 || lower[14] != '7' ||
        std::string_view{"89ab"}.find(lower[19]) == std::string_view::npos) {
        return makeError(StationCode::NameNotAllowed, "'" + std::string{text} + "' is not a UUID of version 7");
    }
    return lower;
}

Result<UtcTime> timeOfUuidV7(std::string_view text)
{
    TRY_ASSIGN(const auto uuid, parseUuidV7(text));
    const auto bytes = digitsOf(uuid);
    ByteReader reader{bytes};
    TRY_ASSIGN(const std::uint64_t high, reader.u16("uuid time"));
    TRY_ASSIGN(const std::uint64_t low, reader.u32("uuid time"));
    return UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>((high << 32U) | low)}};
}

} // namespace enroll
