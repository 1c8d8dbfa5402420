#include "core/delivery/uploader.h"

#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"

#include <algorithm>
#include <unordered_set>

namespace enroll::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Error cancelled()
{
    return makeError(DeviceCode::Cancelled, "a stop was asked", "upload");
}

Error claimedElsewhere()
{
    return makeError(StationCode::JournalBusy, "another program on this data directory is sending to this destination",
                     "upload");
}

constexpr milliseconds kClaimAgain{1000}; // the other one may be done any moment

std::vector<std::int64_t> idsOf(std::span<const OutboxEntry> entries)
{
    std::vector<std::int64_t> ids;
    std::ranges::transform(entries, std::back_inserter(ids), &OutboxEntry::id);
    return ids;
}

/// Why records stay open, and what to wait for before they are sent again.
struct Trouble {
    Error error;
    std::optional<seconds> retryAfter;
    bool inTheRecord = false; ///< it may lie in one of the records, and spare the others
    bool waitedOut = false;   ///< the wait is over already
};

Trouble troubleOf(const Undecided& outcome)
{
    return {outcome.error, outcome.retryAfter, mayLieInTheRecord(outcome)};
}

/// True if a person must act before anything can be sent. Trouble that may lie in one record does not keep the others.
bool endsDrain(const Trouble& trouble)
{
    return !helpsToRetry(trouble.error.code) && !trouble.inTheRecord;
}

/// Of several troubles one that ends the drain counts, and the longest wait.
void merge(Trouble& trouble, Trouble other)
{
    trouble.retryAfter = std::max(trouble.retryAfter, other.retryAfter);
    trouble.waitedOut = trouble.waitedOut && other.waitedOut;
    if (!endsDrain(trouble)) {
        trouble.error = std::move(other.error);
        trouble.inTheRecord = trouble.inTheRecord && other.inTheRecord;
    }
}

void merge(std::optional<Trouble>& trouble, Trouble other)
{
    if (trouble) {
        merge(*trouble, std::move(other));
    } else {
        trouble = std::move(other);
    }
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
        tell(milliseconds{0}, m_report.stoppedBy);
        return std::move(m_report);
    }

private:
    /// False if the drain is over.
    bool claim()
    {
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
        if (auto queued = m_up.m_outbox.enqueueMissing(); !queued) {
            return stopBy(std::move(queued).error());
        }
        countLeft();
        tell(milliseconds{0}, {});
        return !m_report.stoppedBy;
    }

    /// Goes once over everything that is open. False if the drain is over.
    bool pass()
    {
        m_trouble.reset();
        std::int64_t after = 0;
        while (!m_stop.stop_requested()) {
            auto entries = m_up.m_outbox.pending(after < m_singlyUntil ? 1 : m_up.m_options.chunk, after);
            if (!entries) {
                return stopBy(std::move(entries).error());
            }
            if (entries->empty()) {
                return true;
            }
            if (!round(std::move(entries).value(), after)) {
                return false;
            }
        }
        return stopBy(cancelled());
    }

    /// Works on one chunk and moves \p after behind it.
    bool round(std::vector<OutboxEntry> entries, std::int64_t& after)
    {
        const auto decidedBefore = decided();
        const auto last = entries.back().id;
        m_roundTrouble.reset();
        if (auto done = carry(std::move(entries), after); !done) {
            return stopBy(std::move(done).error());
        }
        countLeft();
        if (!m_roundTrouble) {
            m_failures = 0;
            tell(milliseconds{0}, {});
            return true;
        }
        if (endsDrain(*m_roundTrouble)) {
            return stopBy(m_stop.stop_requested() ? cancelled() : std::move(m_roundTrouble->error));
        }
        if (decided() == decidedBefore) {
            return withoutVerdict(last, after);
        }
        m_failures = 0;
        m_roundTrouble->waitedOut = pauseIfAsked(*m_roundTrouble);
        merge(m_trouble, *std::exchange(m_roundTrouble, {}));
        return true;
    }

    /// A chunk that got no verdict stays where it is: what troubled all of its records would trouble the next ones too,
    /// so the drain waits first. Where one record may be behind it, the chunk goes one by one after the second time,
    /// and a record that fails alone is left to the next pass.
    bool withoutVerdict(std::int64_t last, std::int64_t& after)
    {
        if (m_roundTrouble->inTheRecord && last <= m_singlyUntil) {
            m_roundTrouble->waitedOut = true;
            merge(m_trouble, *m_roundTrouble);
            return waitOut(*m_roundTrouble);
        }
        if (m_roundTrouble->inTheRecord && m_failures > 0) {
            m_singlyUntil = last;
        }
        after = m_roundStart;
        return waitOut(*m_roundTrouble);
    }

    /// The service's wish to be left alone holds for the next chunk too. False if it has none.
    bool pauseIfAsked(const Trouble& trouble)
    {
        if (!trouble.retryAfter && trouble.error.code != CloudCode::Busy) {
            return false;
        }
        pause(trouble, 1);
        return true;
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
        if ((m_roundTrouble && !m_roundTrouble->inTheRecord) || entries.empty()) {
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
        return settle(entries, m_up.m_destination.readBack(entries, m_stop));
    }

    Result<void> send(std::span<const OutboxEntry> entries)
    {
        TRY(m_up.m_outbox.markSent(idsOf(entries)));
        for (const auto& entry : entries) {
            m_notThere.erase(entry.id);
        }
        const auto outcomes = m_up.m_destination.send(entries, m_stop);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto* open = std::get_if<Undecided>(&outcomes[i]);
            if (open != nullptr && open->delivery == Delivery::NotDelivered) {
                m_notThere.insert(entries[i].id);
            }
        }
        return settle(entries, outcomes);
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

    static void note(const OutboxEntry& entry, const Accepted& /*accepted*/, Closings& closings,
                     RejectedRecords& /*rejected*/)
    {
        closings.push_back({entry.id, enrollment::RecordState::Accepted, {}, {}});
    }

    static void note(const OutboxEntry& entry, const Rejected& outcome, Closings& closings, RejectedRecords& rejected)
    {
        const auto& row = describe(outcome.code);
        closings.push_back({entry.id, enrollment::RecordState::Rejected, std::string{row.text}, outcome.reason});
        rejected.push_back({entry.record.registrationId, outcome.code, std::string{row.headline},
                            std::string{row.instruction}, outcome.reason});
    }

    void note(const OutboxEntry& entry, const Absent& /*absent*/, Closings& /*closings*/, RejectedRecords& /*rejected*/)
    {
        m_notThere.insert(entry.id);
    }

    void note(const OutboxEntry& /*entry*/, const Undecided& outcome, Closings& /*closings*/,
              RejectedRecords& /*rejected*/)
    {
        merge(m_roundTrouble, troubleOf(outcome));
    }

    /// Between two passes. False if the drain is over.
    bool rest()
    {
        if (m_trouble) {
            return m_trouble->waitedOut || waitOut(*m_trouble);
        }
        const auto* follow = std::get_if<FollowUntilStopped>(&m_up.m_options.mode);
        if (follow == nullptr) {
            return false;
        }
        m_up.m_outbox.release();
        m_up.m_waiting.waitFor(follow->poll, m_stop);
        if (!claim()) {
            return false;
        }
        if (auto queued = m_up.m_outbox.enqueueMissing(); !queued) {
            return stopBy(std::move(queued).error());
        }
        return true;
    }

    bool waitOut(const Trouble& trouble)
    {
        ++m_failures;
        const auto* once = std::get_if<DrainOnce>(&m_up.m_options.mode);
        if (once != nullptr && m_failures >= once->mostFailuresInARow) {
            return stopBy(trouble.error);
        }
        pause(trouble, m_failures);
        return true;
    }

    void pause(const Trouble& trouble, int failures)
    {
        const auto wait = waitAfter(failures, trouble.retryAfter, m_up.m_options.backOff, chance());
        tell(wait, trouble.error);
        m_up.m_waiting.waitFor(wait, m_stop);
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
            m_report.left = static_cast<std::size_t>(counts->queued + counts->sent);
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
    std::optional<Trouble> m_trouble;            ///< of this pass
    std::optional<Trouble> m_roundTrouble;
    std::int64_t m_roundStart = 0;
    std::int64_t m_singlyUntil = 0; ///< entries up to this one go alone: one of them may spoil every call it is in
    int m_failures = 0;             ///< in a row
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
