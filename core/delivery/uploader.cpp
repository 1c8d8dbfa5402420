#include "core/delivery/uploader.h"

#include "core/base/assert.h"
#include "core/base/cancellation.h"
#include "core/base/clock.h"
#include "core/base/recoded.h"
#include "core/delivery/claimed_elsewhere.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace enroll::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Error cancelled()
{
    return stopAsked("upload");
}

/// A single drain does not go on by itself, as the error of a busy destination may say.
Error leftAloneFor(seconds span, const Trouble& trouble)
{
    auto error = recoded(trouble.error, trouble.longWaitCode.value_or(trouble.error.code));
    const auto end = std::chrono::ceil<seconds>(utcNow() + span);
    error.what += "; it asks to be left alone until " + toIso8601(end) + ": start the upload again then";
    return error;
}

/// A single drain does not go on by itself, as the error of one call among many may say.
Error givenUpAfter(int failures, Error error)
{
    error.what +=
        "; given up after " + std::to_string(failures) + " failed calls in a row: start the upload again later";
    return error;
}

/// The error of records that were refused as any other might be; it speaks of one of them.
Error refusedAlike(Error error, std::size_t refused, const UploadReport& report)
{
    const auto answered = refused + report.accepted + report.rejected.size();
    error.what += "; " + std::to_string(refused) + " of " + std::to_string(answered) +
                  (answered == 1 ? " record " : " records ") + (refused == 1 ? "was" : "were") +
                  " refused without a sign that the fault is the record's, and " +
                  (refused == 1 ? "stays open; " : "stay open; ") +
                  (report.accepted == 0 ? "no" : std::to_string(report.accepted)) +
                  (report.accepted > 1 ? " others were accepted" : " other was accepted");
    return error;
}

// A hundred bad records at the head of the queue hold up nobody behind them, and a destination that refuses everything is
// asked ten times, not as often as there are records.
constexpr int kMostRefusedInARow = 10;

constexpr milliseconds kClaimAgain{1000}; // the other one may be done any moment

std::vector<std::int64_t> idsOf(std::span<const OutboxEntry> entries)
{
    std::vector<std::int64_t> ids;
    std::ranges::transform(entries, std::back_inserter(ids), &OutboxEntry::id);
    return ids;
}

/// Marks the entries of one call of send() as they leave, each once: a call may be split and sent in parts.
class MarkedSent final : public Departure {
public:
    explicit MarkedSent(Outbox& outbox) : m_outbox(outbox) {}

    Result<void> leaving(std::span<const OutboxEntry> entries) override
    {
        auto ids = idsOf(entries);
        std::erase_if(ids, [&](auto id) { return m_marked.contains(id); });
        auto marked = ids.empty() ? Result<void>{} : m_outbox.markSent(ids);
        if (marked) {
            m_marked.insert(ids.begin(), ids.end());
        } else {
            m_fault = marked.error();
        }
        return marked;
    }

    /// Why entries could not be marked.
    [[nodiscard]] const std::optional<Error>& fault() const noexcept { return m_fault; }

private:
    Outbox& m_outbox;
    std::unordered_set<std::int64_t> m_marked;
    std::optional<Error> m_fault;
};

/// Why records stay open, and whether the wait that it asks for is over already.
struct OpenTrouble {
    Trouble trouble;
    bool waitedOut = false;
};

void merge(std::optional<OpenTrouble>& open, OpenTrouble other)
{
    if (!open) {
        open = std::move(other);
        return;
    }
    open->waitedOut = open->waitedOut && other.waitedOut;
    merge(open->trouble, std::move(other.trouble));
}

} // namespace

/// One drain under way.
class Uploader::Drain {
public:
    Drain(Uploader& uploader, const std::stop_token& stop) : m_up(uploader), m_stop(stop) {}

    UploadReport run()
    {
        if (claim() && begin()) {
            while (pass() && rest()) {
            }
        }
        m_up.m_outbox.release();
        countLeft();
        for (auto& [id, record] : m_refusedAlike) {
            m_report.refusedAlike.push_back(std::move(record));
        }
        tell(milliseconds{0}, m_report.stoppedBy);
        return std::move(m_report);
    }

private:
    /// Queues what is missing, then takes the sending to this drain. False if the drain is over.
    bool claim()
    {
        if (m_stop.stop_requested()) {
            return stopBy(cancelled());
        }
        if (auto queued = m_up.m_outbox.enqueueMissing(); !queued) {
            return stopBy(std::move(queued).error());
        }
        const auto* follow = std::get_if<FollowUntilStopped>(&m_up.m_options.mode);
        const auto patience = m_up.m_waiting.now() + m_up.m_options.claimPatience;
        while (!m_stop.stop_requested()) {
            auto claimed = m_up.m_outbox.claim();
            if (!claimed) {
                return stopBy(std::move(claimed).error());
            }
            if (*claimed) {
                return true;
            }
            if (follow == nullptr && m_up.m_waiting.now() >= patience) {
                return stopBy(claimedElsewhere());
            }
            waitForClaim(follow == nullptr ? kClaimAgain : follow->poll);
        }
        return stopBy(cancelled());
    }

    void waitForClaim(milliseconds span)
    {
        countLeft();
        tell(span, claimedElsewhere());
        m_up.m_waiting.waitFor(span, m_stop);
    }

    /// False if the drain is over.
    bool begin()
    {
        countLeft();
        tell(milliseconds{0}, {});
        return !m_report.stoppedBy;
    }

    /// Goes once over everything that is open. False if the drain is over.
    bool pass()
    {
        m_trouble.reset();
        std::int64_t after = 0;
        bool counted = false; // once a pass: counting goes over every entry that there ever was
        while (!m_stop.stop_requested()) {
            if (std::exchange(m_paused, false) && !stillIntact()) {
                return false;
            }
            auto entries = m_up.m_outbox.pending(after < m_singlyUntil ? 1 : m_up.m_options.chunk, after);
            if (!entries) {
                return stopBy(std::move(entries).error());
            }
            if (entries->empty()) {
                return true;
            }
            if (!std::exchange(counted, true)) {
                countLeft();
            }
            if (!round(std::move(entries).value(), after)) {
                return false;
            }
        }
        return stopBy(cancelled());
    }

    /// A pause may last hours, and the journal may have been altered in it. False if the drain is over.
    bool stillIntact()
    {
        auto claimed = m_up.m_outbox.claim();
        return claimed.ok() || stopBy(std::move(claimed).error());
    }

    /// Works on one chunk and moves \p after behind it. False if the drain is over.
    bool round(std::vector<OutboxEntry> entries, std::int64_t& after)
    {
        const auto decidedBefore = decided();
        const auto last = entries.back().id;
        m_roundTrouble.reset();
        if (auto done = carry(std::move(entries), after); !done) {
            return stopBy(std::move(done).error());
        }
        const auto decidedNow = decided() - decidedBefore;
        m_report.left -= std::min(m_report.left, decidedNow);
        const bool anyDecided = decidedNow != 0;
        if (anyDecided) {
            m_refusedInARow = 0;
        }
        if (!m_roundTrouble) {
            m_failures = 0;
            tell(milliseconds{0}, {});
            return true;
        }
        if (m_stop.stop_requested()) {
            return stopBy(cancelled());
        }
        return afterTrouble(last, after, anyDecided);
    }

    /// What the trouble of a chunk means for the next one. False if the drain is over.
    bool afterTrouble(std::int64_t last, std::int64_t& after, bool anyDecided)
    {
        switch (m_roundTrouble->kind) {
        case TroubleKind::NeedsPerson:
            return stopBy(std::move(m_roundTrouble->error));
        case TroubleKind::RefusedAll:
            return tryOthers(anyDecided);
        case TroubleKind::Busy:
        case TroubleKind::Unreachable:
        case TroubleKind::InDoubt:
        case TroubleKind::RefusedRecord:
            break;
        }
        if (!anyDecided) {
            return withoutVerdict(last, after);
        }
        m_failures = 0;
        return goOnAfterPause();
    }

    /// Keeps the trouble of the chunk for the end of the pass. False if the drain is over.
    bool goOnAfterPause()
    {
        const bool asked = m_roundTrouble->retryAfter || m_roundTrouble->kind == TroubleKind::Busy;
        const bool goesOn = !asked || pause(*m_roundTrouble, 1);
        merge(m_trouble, {*std::exchange(m_roundTrouble, {}), asked});
        return goesOn;
    }

    /// Records that were refused alike may be bad ones: the next chunks show it. So many in a row are the destination's own
    /// trouble, which stands in the way of the rest too.
    bool tryOthers(bool anyDecided)
    {
        if (!anyDecided && ++m_refusedInARow == kMostRefusedInARow) {
            return stopBy(refusedAlike(std::move(m_roundTrouble->error), m_refusedAlike.size(), m_report));
        }
        return goOnAfterPause();
    }

    /// A chunk that got no verdict stays where it is: what troubled all of its records would trouble the next ones too,
    /// so the drain waits first. Where one record may be behind it, the chunk goes one by one after the second time,
    /// and a record that fails alone is left to the next pass.
    bool withoutVerdict(std::int64_t last, std::int64_t& after)
    {
        const bool oneRecord = mayLieInOneRecord(m_roundTrouble->kind);
        if (oneRecord && last <= m_singlyUntil) {
            merge(m_trouble, {*m_roundTrouble, true});
            return waitOut(*m_roundTrouble);
        }
        if (oneRecord && m_failures > 0) {
            m_singlyUntil = last;
        }
        after = m_roundStart;
        return waitOut(*m_roundTrouble);
    }

    /// Reads back what is in doubt, then sends what is not, unless sending would meet the same trouble.
    Result<void> carry(std::vector<OutboxEntry> entries, std::int64_t& after)
    {
        m_roundStart = after;
        after = entries.back().id;
        const auto doubtful =
            std::stable_partition(entries.begin(), entries.end(), [&](const auto& e) { return maySend(e); });
        TRY(readBack({doubtful, entries.end()}));
        std::erase_if(entries, [&](const auto& e) { return !maySend(e); });
        if ((m_roundTrouble && !mayLieInOneRecord(m_roundTrouble->kind)) || entries.empty()) {
            return {};
        }
        std::ranges::sort(entries, {}, &OutboxEntry::id);
        return send(entries);
    }

    /// True for entries that cannot lie at the destination already, as far as this station is concerned.
    [[nodiscard]] bool maySend(const OutboxEntry& entry) const
    {
        return entry.state == enrollment::RecordState::Queued || m_notThere.contains(entry.id);
    }

    Result<void> readBack(std::span<const OutboxEntry> entries)
    {
        if (entries.empty()) {
            return {};
        }
        const auto outcomes = m_up.m_destination.readBack(entries, m_stop);
        ENROLL_ASSERT(outcomes.size() == entries.size(), "a destination gives exactly one outcome for each entry");
        return settle(entries, outcomes);
    }

    Result<void> send(std::span<const OutboxEntry> entries)
    {
        for (const auto& entry : entries) {
            m_notThere.erase(entry.id);
        }
        MarkedSent departure{m_up.m_outbox};
        const auto outcomes = m_up.m_destination.send(entries, departure, m_stop);
        ENROLL_ASSERT(outcomes.size() == entries.size(), "a destination gives exactly one outcome for each entry");
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto* trouble = std::get_if<Trouble>(&outcomes[i]);
            if (trouble != nullptr && rulesOutArrival(trouble->kind)) {
                m_notThere.insert(entries[i].id);
            }
        }
        TRY(settle(entries, outcomes));
        return departure.fault() ? Result<void>{*departure.fault()} : Result<void>{};
    }

    template <class Outcome>
    Result<void> settle(std::span<const OutboxEntry> entries, const std::vector<Outcome>& outcomes)
    {
        std::vector<OutboxClosing> closings;
        std::vector<RejectedRecord> rejected;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            std::visit([&](const auto& outcome) { note(entries[i], outcome, closings, rejected); }, outcomes[i]);
        }
        if (!closings.empty()) {
            TRY(m_up.m_outbox.close(closings));
        }
        m_report.accepted += closings.size() - rejected.size();
        std::ranges::move(rejected, std::back_inserter(m_report.rejected));
        return {};
    }

    using Closings = std::vector<OutboxClosing>;
    using RejectedRecords = std::vector<RejectedRecord>;

    void note(const OutboxEntry& entry, const Accepted& /*accepted*/, Closings& closings, RejectedRecords& /*rejected*/)
    {
        m_refusedAlike.erase(entry.id);
        closings.push_back({entry.id, enrollment::RecordState::Accepted, {}, {}});
    }

    void note(const OutboxEntry& entry, const Absent& /*absent*/, Closings& /*closings*/, RejectedRecords& /*rejected*/)
    {
        m_notThere.insert(entry.id);
    }

    /// A record is closed as rejected by a refusal of its own alone.
    void note(const OutboxEntry& entry, const Trouble& trouble, Closings& closings, RejectedRecords& rejected)
    {
        if (trouble.kind == TroubleKind::RefusedAll) {
            m_refusedAlike.insert_or_assign(
                entry.id, RefusedAlike{entry.record.registrationId, trouble.error.code, trouble.error.what});
        } else if (trouble.kind == TroubleKind::RefusedRecord) {
            m_refusedAlike.erase(entry.id);
        }
        if (trouble.kind == TroubleKind::RefusedRecord) {
            const auto& row = describe(trouble.error.code);
            closings.push_back(
                {entry.id, enrollment::RecordState::Rejected, std::string{row.text}, trouble.error.what});
            rejected.push_back({entry.record.registrationId, trouble.error.code, std::string{row.headline},
                                std::string{row.instruction}, trouble.error.what});
        } else if (m_roundTrouble) {
            merge(*m_roundTrouble, trouble);
        } else {
            m_roundTrouble = trouble;
        }
    }

    /// Between two passes. False if the drain is over.
    bool rest()
    {
        if (m_trouble && m_trouble->trouble.kind == TroubleKind::RefusedAll) {
            return stopBy(refusedAlike(std::move(m_trouble->trouble.error), m_refusedAlike.size(), m_report));
        }
        if (m_trouble) {
            return m_trouble->waitedOut || waitOut(m_trouble->trouble);
        }
        const auto* follow = std::get_if<FollowUntilStopped>(&m_up.m_options.mode);
        if (follow == nullptr) {
            return false;
        }
        m_up.m_outbox.release();
        m_up.m_waiting.waitFor(follow->poll, m_stop);
        return claim();
    }

    bool waitOut(const Trouble& trouble)
    {
        ++m_failures;
        const auto* once = std::get_if<DrainOnce>(&m_up.m_options.mode);
        if (once != nullptr && m_failures >= once->mostFailuresInARow) {
            return stopBy(givenUpAfter(m_failures, trouble.error));
        }
        return pause(trouble, m_failures);
    }

    /// False if the drain is over, because the destination asks for more patience than it has.
    bool pause(const Trouble& trouble, int failures)
    {
        const auto* once = std::get_if<DrainOnce>(&m_up.m_options.mode);
        if (once != nullptr && trouble.retryAfter && *trouble.retryAfter > once->longestAskedWait) {
            return stopBy(leftAloneFor(*trouble.retryAfter, trouble));
        }
        const auto wait = waitAfter(failures, trouble.retryAfter, m_up.m_options.backOff, chance());
        tell(wait, trouble.error);
        m_up.m_waiting.waitFor(wait, m_stop);
        m_paused = true;
        return true;
    }

    bool stopBy(Error error)
    {
        m_report.stoppedBy = std::move(error);
        return false;
    }

    void countLeft()
    {
        const auto counts = m_up.m_outbox.counts();
        if (counts) {
            m_report.left = static_cast<std::size_t>(counts->queued) + static_cast<std::size_t>(counts->sent);
            m_report.setAside = static_cast<std::size_t>(counts->setAside);
            const auto rejected = static_cast<std::size_t>(counts->rejected);
            m_report.rejectedEarlier = rejected - std::min(rejected, m_report.rejected.size());
        } else if (!m_report.stoppedBy) {
            m_report.stoppedBy = counts.error();
        }
    }

    [[nodiscard]] std::size_t decided() const { return m_report.accepted + m_report.rejected.size(); }

    void tell(milliseconds waiting, std::optional<Error> error)
    {
        m_up.m_sink.progress({decided() + m_report.left, m_report.accepted, m_report.rejected.size(), m_report.left,
                              waiting, std::move(error)});
    }

    Uploader& m_up;
    const std::stop_token& m_stop;
    UploadReport m_report;
    std::unordered_set<std::int64_t> m_notThere; ///< sent or read back in this drain, and known not to have arrived
    std::map<std::int64_t, RefusedAlike> m_refusedAlike; ///< in this drain; still open
    std::optional<OpenTrouble> m_trouble;                ///< of this pass
    std::optional<Trouble> m_roundTrouble;
    std::int64_t m_roundStart = 0;
    std::int64_t m_singlyUntil = 0; ///< entries up to this one go alone: one of them may spoil every call it is in
    int m_failures = 0;             ///< in a row
    bool m_paused = false;          ///< since the outbox was last asked whether it is intact
    int m_refusedInARow = 0;        ///< chunks that were refused as a whole
};

Uploader::Uploader(Outbox& outbox, Destination& destination, UploadOptions options, UploadProgressSink& sink,
                   Waiting& waiting)
    : m_outbox(outbox), m_destination(destination), m_options(options), m_sink(sink), m_waiting(waiting)
{}

UploadReport Uploader::drain(const std::stop_token& stop)
{
    return Drain{*this, stop}.run();
}

} // namespace enroll::delivery
