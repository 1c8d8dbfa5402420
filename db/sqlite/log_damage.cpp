#include "db/sqlite/log_damage.h"

#include "core/base/bytes.h"
#include "core/system/regular_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <map>

namespace enroll::db::sqlite {
namespace {

constexpr std::size_t kHeaderSize = 32;
constexpr std::size_t kFrameHeaderSize = 24;
constexpr std::uint32_t kMagic = 0x377f0682; ///< with its last bit: checksums are of big-endian words
constexpr std::uint32_t kFormat = 3007000;
constexpr std::uint32_t kSmallestPage = 512;
constexpr std::uint32_t kLargestPage = 65536;

// Where the fields stand. Source: "Database File Format", 4.1 "WAL File Format", tables "WAL Header Format" and "WAL
// Frame Header Format". All fields are big-endian.
constexpr std::size_t kFormatAt = 4;
constexpr std::size_t kPageSizeAt = 8;
constexpr std::size_t kSaltsAt = 16;
constexpr std::size_t kSumAt = 24;
constexpr std::size_t kCommitSizeAt = 4;
constexpr std::size_t kFrameSaltsAt = 8;
constexpr std::size_t kFrameSumAt = 16;
constexpr std::size_t kSummedOfFrameHeader = 8;

std::uint32_t word(ByteView bytes, std::size_t at, bool bigEndian = true)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.subspan(at, sizeof value).data(), sizeof value);
    return bigEndian == (std::endian::native == std::endian::big) ? value : __builtin_bswap32(value);
}

std::uint64_t pair(ByteView bytes, std::size_t at)
{
    return std::uint64_t{word(bytes, at)} << 32U | word(bytes, at + sizeof(std::uint32_t));
}

/// The checksum of \p bytes behind that which \p before is of. Source: "Database File Format", 4.2 "Checksum Algorithm".
std::uint64_t sumOf(ByteView bytes, std::uint64_t before, bool bigEndian)
{
    auto first = static_cast<std::uint32_t>(before >> 32U);
    auto second = static_cast<std::uint32_t>(before);
    for (std::size_t at = 0; at + 2 * sizeof(std::uint32_t) <= bytes.size(); at += 2 * sizeof(std::uint32_t)) {
        first += word(bytes, at, bigEndian) + second;
        second += word(bytes, at + sizeof(std::uint32_t), bigEndian) + first;
    }
    return std::uint64_t{first} << 32U | second;
}

/// What the frames of a log are read by.
struct LogForm {
    std::uint32_t pageSize = 0;
    bool bigEndian = false;
    std::uint64_t salts = 0;
    std::uint64_t sum = 0; ///< which the first frame continues
    bool damaged = false;  ///< the header itself
};

struct Frame {
    ByteView bytes;

    [[nodiscard]] bool commits() const { return word(bytes, kCommitSizeAt) != 0; }
    [[nodiscard]] std::uint32_t page() const { return word(bytes, 0); } ///< from 1 on; 0 in no frame that SQLite wrote
    [[nodiscard]] std::uint64_t salts() const { return pair(bytes, kFrameSaltsAt); }
    [[nodiscard]] std::uint64_t storedSum() const { return pair(bytes, kFrameSumAt); }
    [[nodiscard]] std::uint64_t sumAfter(std::uint64_t before, bool bigEndian) const
    {
        return sumOf(bytes.subspan(kFrameHeaderSize), sumOf(bytes.first(kSummedOfFrameHeader), before, bigEndian),
                     bigEndian);
    }
};

bool isPageSize(std::uint32_t size)
{
    return size >= kSmallestPage && size <= kLargestPage && std::has_single_bit(size);
}

/// The form that the header says, if the header is whole.
std::optional<LogForm> formOf(ByteView header)
{
    const bool bigEndian = (word(header, 0) & 1U) != 0;
    const LogForm form{word(header, kPageSizeAt), bigEndian, pair(header, kSaltsAt), pair(header, kSumAt)};
    const bool whole = (word(header, 0) & ~1U) == kMagic && word(header, kFormatAt) == kFormat &&
                       isPageSize(form.pageSize) && sumOf(header.first(kSumAt), 0, bigEndian) == form.sum;
    return whole ? std::optional{form} : std::nullopt;
}

/// The form that a header had which is not whole any more: one with which the first frame continues its checksum, be it
/// the stored one or, if that is what was changed, the one that it should have. A header is synced before any frame.
Result<std::optional<LogForm>> formByFirstFrame(ByteView header, const ReadFile& read)
{
    Bytes buffer(kFrameHeaderSize + kLargestPage);
    TRY_ASSIGN(const auto got, read(kHeaderSize, buffer));
    for (auto pageSize = kSmallestPage; pageSize <= kLargestPage && kFrameHeaderSize + pageSize <= got; pageSize *= 2) {
        const Frame first{ByteView{buffer}.first(kFrameHeaderSize + pageSize)};
        if (first.page() == 0) {
            break; // zeros continue zeros
        }
        for (const bool bigEndian : {false, true}) {
            for (const auto sum : {pair(header, kSumAt), sumOf(header.first(kSumAt), 0, bigEndian)}) {
                if (first.sumAfter(sum, bigEndian) == first.storedSum()) {
                    return std::optional{LogForm{pageSize, bigEndian, first.salts(), sum, true}};
                }
            }
        }
    }
    return std::optional<LogForm>{};
}

/// Judges one frame after the other.
class FrameJudge {
public:
    explicit FrameJudge(const LogForm& form)
        : m_form(form), m_stored(form.sum), m_due(form.sum),
          m_bad(form.damaged ? std::optional<std::uint64_t>{0} : std::nullopt)
    {}

    /// The damage that the next frame proves.
    std::optional<LogDamage> next(const Frame& frame)
    {
        ++m_number;
        const bool own = frame.salts() == m_form.salts;
        auto due = frame.sumAfter(m_stored, m_form.bigEndian);
        if (due != frame.storedSum() && m_due != m_stored) { // the stored checksum before it may be what was changed
            due = frame.sumAfter(m_due, m_form.bigEndian);
        }
        const bool continues = due == frame.storedSum();
        if (m_bad && m_commitBefore && own && continues) {
            return LogDamage{*m_bad, m_number - 1, m_form.salts};
        }
        if (!m_bad && !(own && continues)) {
            m_bad = m_number;
        }
        m_commitBefore = m_bad && (own || continues) && frame.commits();
        m_stored = frame.storedSum();
        m_due = due;
        return std::nullopt;
    }

private:
    LogForm m_form;
    std::uint64_t m_stored;             ///< checksum of the frame before, as it stands there
    std::uint64_t m_due;                ///< and as it should be
    std::optional<std::uint64_t> m_bad; ///< the first frame that does not fit
    std::uint64_t m_number = 0;
    bool m_commitBefore = false; ///< the frame before commits, and is the first bad one or behind it
};

/// The frames of a log whose beginning is gone: the first ones that continue each other, and what they commit.
class LaterFrames {
public:
    explicit LaterFrames(std::uint32_t pageSize) : m_before(kFrameHeaderSize + pageSize) {}

    /// The next frame of the log. False once the frames that continue each other have ended.
    bool next(const Frame& frame)
    {
        ++m_number;
        const bool follows = m_number > 1 && continues(frame);
        if (m_begun && !follows) {
            return false;
        }
        if (follows && !m_begun) {
            note(Frame{m_before}, m_number - 1);
            m_begun = true;
        }
        if (follows) {
            note(frame, m_number);
        }
        std::ranges::copy(frame.bytes, m_before.begin());
        return true;
    }

    /// The last frame that holds a page, by the page's number from 1 on.
    using Pages = std::map<std::uint32_t, std::uint64_t>;
    [[nodiscard]] const Pages& committed() const noexcept { return m_committed; }
    [[nodiscard]] LogDamage damage() const noexcept { return {0, m_lastCommit, Frame{m_before}.salts()}; }

private:
    bool continues(const Frame& frame)
    {
        const Frame before{m_before};
        const auto fits = [&](bool bigEndian) {
            return frame.sumAfter(before.storedSum(), bigEndian) == frame.storedSum();
        };
        if (frame.page() == 0 || before.page() == 0 || frame.salts() != before.salts()) {
            return false; // zeros continue zeros
        }
        if (!m_begun) {
            m_bigEndian = fits(true);
        }
        return fits(m_bigEndian);
    }

    void note(const Frame& frame, std::uint64_t number)
    {
        m_open[frame.page()] = number;
        if (!frame.commits()) {
            return;
        }
        for (const auto& [page, held] : m_open) {
            m_committed[page] = held;
        }
        m_open.clear();
        m_lastCommit = number;
        const auto pagesLeft = word(frame.bytes, kCommitSizeAt);
        m_committed.erase(m_committed.upper_bound(pagesLeft), m_committed.end());
    }

    Bytes m_before;
    std::uint64_t m_number = 0;
    bool m_begun = false;
    bool m_bigEndian = false;
    Pages m_open; ///< of a transaction that has not committed yet
    Pages m_committed;
    std::uint64_t m_lastCommit = 0;
};

/// True if the database holds what the frames committed: a checkpoint copied it.
Result<bool> isCheckpointed(const LaterFrames::Pages& pages, std::uint32_t pageSize, const ReadFile& log,
                            const ReadFile& database)
{
    Bytes kept(pageSize);
    Bytes logged(pageSize);
    for (const auto& [page, frame] : pages) {
        const auto at = kHeaderSize + (frame - 1) * (kFrameHeaderSize + pageSize) + kFrameHeaderSize;
        TRY_ASSIGN(const auto held, database(std::uint64_t{page - 1} * pageSize, kept));
        TRY_ASSIGN(const auto got, log(at, logged));
        if (held < pageSize || got < pageSize || kept != logged) {
            return false;
        }
    }
    return true;
}

/// The page size in a database's header; 0 if there is none. Source: "Database File Format", 1.3.2 "Page Size".
Result<std::uint32_t> pageSizeOf(const ReadFile& database)
{
    constexpr std::uint64_t kPageSizeOfDatabaseAt = 16;
    std::array<std::byte, 2> size{};
    TRY_ASSIGN(const auto got, database(kPageSizeOfDatabaseAt, size));
    const auto stored = std::to_integer<std::uint32_t>(size[0]) << 8U | std::to_integer<std::uint32_t>(size[1]);
    const auto pageSize = stored == 1 ? kLargestPage : stored; // 65536 does not fit
    return got == size.size() && isPageSize(pageSize) ? pageSize : 0U;
}

/// The damage of a log of which neither header nor first frame says how to read it.
Result<std::optional<LogDamage>> damageOfBeginning(const ReadFile& log, const OpenDatabase& open)
{
    TRY_ASSIGN(const auto database, open());
    TRY_ASSIGN(const auto pageSize, pageSizeOf(database));
    if (pageSize == 0) {
        return std::optional<LogDamage>{};
    }
    LaterFrames frames{pageSize};
    Bytes buffer(kFrameHeaderSize + pageSize);
    for (std::uint64_t at = kHeaderSize;; at += buffer.size()) {
        TRY_ASSIGN(const auto got, log(at, buffer));
        if (got < buffer.size() || !frames.next(Frame{buffer})) {
            break;
        }
    }
    TRY_ASSIGN(const bool kept, isCheckpointed(frames.committed(), pageSize, log, database));
    return kept ? std::optional<LogDamage>{} : std::optional{frames.damage()};
}

Result<std::optional<LogDamage>> lookAt(const std::filesystem::path& log, const std::filesystem::path& database)
{
    const auto opened = system::openRegularFile(log);
    if (!opened) { // a log goes when the last program closes its file, at any moment
        return opened.error().source == ErrorSource{Errno{ENOENT}} ? Result<std::optional<LogDamage>>{std::nullopt}
                                                                   : opened.error();
    }
    return findLogDamage(
        [&](std::uint64_t offset, std::span<std::byte> into) { return system::readAt(*opened, offset, into, log); },
        [&] { return readerOfDatabase(database); });
}

} // namespace

Result<std::optional<LogDamage>> findLogDamage(const ReadFile& log, const OpenDatabase& database)
{
    std::array<std::byte, kHeaderSize> header{};
    TRY_ASSIGN(const auto headerSize, log(0, header));
    if (headerSize < kHeaderSize) {
        return std::optional<LogDamage>{};
    }
    auto form = formOf(header);
    if (!form) {
        TRY_ASSIGN(form, formByFirstFrame(header, log));
    }
    if (!form) {
        return damageOfBeginning(log, database);
    }
    FrameJudge judge{*form};
    Bytes buffer(kFrameHeaderSize + form->pageSize);
    for (std::uint64_t at = kHeaderSize;; at += buffer.size()) {
        TRY_ASSIGN(const auto got, log(at, buffer));
        if (got < buffer.size()) {
            return std::optional<LogDamage>{};
        }
        if (const auto damage = judge.next(Frame{buffer})) {
            return damage;
        }
    }
}

Result<std::optional<LogDamage>> findLogDamage(const std::filesystem::path& log, const std::filesystem::path& database)
{
    TRY_ASSIGN(auto seen, lookAt(log, database));
    while (seen) {
        TRY_ASSIGN(const auto again, lookAt(log, database));
        if (again == seen) {
            return seen;
        }
        seen = again; // somebody writes: what was half written then is whole now
    }
    return seen;
}

} // namespace enroll::db::sqlite
