// A write-ahead log beside a database, as a crash or a failing disk left it. Damage is named by frames that are in the log,
// and none is found where the log ends before the frame that proves it.

#include "core/base/bytes.h"
#include "db/sqlite/log_damage.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace enroll;

constexpr std::size_t kHeaderSize = 32;
constexpr std::size_t kFrameHeaderSize = 24;
constexpr std::size_t kSmallestPage = 512;

std::optional<db::sqlite::LogDamage> damageOf(ByteView log)
{
    const auto read = [log](std::uint64_t offset, std::span<std::byte> into) -> Result<std::size_t> {
        const auto rest = log.subspan(std::min<std::size_t>(offset, log.size()));
        const auto count = std::min(rest.size(), into.size());
        std::ranges::copy(rest.first(count), into.begin());
        return count;
    };
    const auto damage = db::sqlite::findLogDamage(
        read, [&] { return Result<db::sqlite::ReadFile>{read}; }); // a database of any bytes, too
    if (!damage.ok()) {
        std::abort();
    }
    return *damage;
}

/// The page size that a whole header says.
std::size_t pageSizeOf(ByteView log)
{
    constexpr std::size_t kPageSizeAt = 8;
    std::size_t size = 0;
    for (const auto byte : log.subspan(kPageSizeAt, 4)) {
        size = size << 8U | std::to_integer<std::size_t>(byte);
    }
    return size;
}

/// The end of the first \p frames.
std::size_t endOf(std::uint64_t frames, std::size_t pageSize)
{
    return kHeaderSize + static_cast<std::size_t>(frames) * (kFrameHeaderSize + pageSize);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto log = std::as_bytes(std::span{data, size});
    const auto damage = damageOf(log);
    if (!damage) {
        return 0;
    }
    if (damage->frame > damage->committedIn || damage->committedIn == 0 ||
        endOf(damage->committedIn, kSmallestPage) > size) {
        std::abort();
    }
    if (damage->frame == 0) {
        return 0; // the log's beginning is gone: its last frame may be the one that committed
    }
    // Behind a whole header, the frame that continues the committed one is the proof.
    const auto end = endOf(damage->committedIn + 1, pageSizeOf(log));
    if (end > size || damageOf(log.first(end - 1)) || damageOf(log.first(end)) != damage) {
        std::abort();
    }
    return 0;
}
