#include "core/station/presence_watch.h"

#include <QScopeGuard>
#include <QSemaphore>
#include <QTest>

#include <atomic>
#include <latch>
#include <mutex>

using namespace enroll;
using namespace enroll::station;
using enrollment::SlotNumber;

namespace {

constexpr int kPatience = 20'000;

struct Seen {
    Sightings found;
    int hand = 0;
    UnclearSlots unclear = {};
};

class Looks final : public LookSink {
public:
    void looked(const Looked& looked) override
    {
        const std::scoped_lock lock(m_mutex);
        m_seen.push_back({looked.found, looked.hand, looked.unclear});
        m_count.release();
    }
    /// The next look; an empty one with hand -1 if none comes.
    Seen next()
    {
        if (!m_count.tryAcquire(1, kPatience)) {
            return {{}, -1};
        }
        const std::scoped_lock lock(m_mutex);
        return m_seen.at(m_taken++);
    }

private:
    std::mutex m_mutex;
    std::vector<Seen> m_seen;
    std::size_t m_taken = 0;
    QSemaphore m_count;
};

/// Which looks asked their slot, as \p asked counts the questions.
class AskingLooks final : public LookSink {
public:
    explicit AskingLooks(const std::atomic<int>& asked) : m_asked(asked) {}
    void looked(const Looked& /*looked*/) override
    {
        const std::scoped_lock lock(m_mutex);
        const int now = m_asked;
        m_hasAsked.push_back(now > m_before);
        m_before = now;
        m_count.release();
    }
    /// Of the next \p count looks, once they have ended; none if they do not.
    std::vector<bool> next(int count)
    {
        if (!m_count.tryAcquire(count, kPatience)) {
            return {};
        }
        const std::scoped_lock lock(m_mutex);
        const auto first = m_hasAsked.begin() + m_taken;
        m_taken += count;
        return {first, first + count};
    }

private:
    const std::atomic<int>& m_asked;
    std::mutex m_mutex;
    int m_before = 0;
    std::vector<bool> m_hasAsked;
    int m_taken = 0;
    QSemaphore m_count;
};

/// Counts \p asked down, lasts until it is stopped, and then answers all the same.
auto lastingQuestion(std::latch& asked, std::optional<bool> answer)
{
    return [&asked, answer](SlotNumber, const std::stop_token& stop) -> std::optional<bool> {
        std::latch stopped(1);
        const std::stop_callback end(stop, [&] { stopped.count_down(); });
        asked.count_down();
        stopped.wait();
        return answer;
    };
}

} // namespace

class PresenceWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatEachSlotAnswers()
    {
        Looks looks;
        const PresenceWatch watch(
            {{1}, {2}, {3}},
            [](SlotNumber slot, const std::stop_token&) -> std::optional<bool> {
                return slot.value == 3 ? std::nullopt : std::optional{slot.value == 1};
            },
            looks);
        const auto seen = looks.next();
        QVERIFY((seen.found == Sightings{{{1}, true}, {{2}, false}}));
        QCOMPARE(seen.hand, 0);
    }

    /// In a look that does not ask again what answered a moment ago, too.
    void saysWhatADeviceSaysOfItself()
    {
        Looks looks;
        std::atomic<int> asked = 0;
        const enrollment::SerialNumber serial{"GX-000183"};
        PresenceWatch watch(
            {{1}},
            [&](SlotNumber, const std::stop_token&) -> std::optional<Sighting> {
                ++asked;
                return Sighting{true, serial};
            },
            looks);
        QVERIFY((looks.next().found == Sightings{{{1}, {true, serial}}}));
        const int before = asked;
        watch.scanned(1);
        const auto seen = looks.next();
        QVERIFY((seen.found == Sightings{{{1}, {true, serial}}}));
        QVERIFY(asked - before <= 1);
    }

    void aScanIsFollowedByALookThatBeganAfterIt()
    {
        Looks looks;
        PresenceWatch watch(
            {{1}}, [](SlotNumber, const std::stop_token&) { return false; }, looks);
        QCOMPARE(looks.next().hand, 0);
        watch.scanned(7);
        auto seen = looks.next();
        if (seen.hand == 0) { // one was under way
            seen = looks.next();
        }
        QCOMPARE(seen.hand, 7);
    }

    void aSlotThatARunUsesIsLeftAlone()
    {
        Looks looks;
        PresenceWatch watch(
            {{1}, {2}}, [](SlotNumber, const std::stop_token&) { return false; }, looks);
        looks.next();
        watch.reserve({1});
        watch.awaitQuiet({1});
        watch.scanned(1);
        auto seen = looks.next();
        while (seen.hand == 0) {
            seen = looks.next();
        }
        QVERIFY(!seen.found.contains({1}));
        QVERIFY(seen.found.contains({2}));
        watch.release({1});
        watch.scanned(2);
        while (seen.hand < 2) {
            seen = looks.next();
            QVERIFY(seen.hand >= 0);
        }
        QVERIFY(seen.found.contains({1}));
    }

    /// A question that would last for ever ends when a run wants the slot, and when the program ends.
    void aQuestionEndsForARun()
    {
        Looks looks;
        std::latch asked(1);
        PresenceWatch watch({{1}}, lastingQuestion(asked, true), looks);
        asked.wait();
        watch.reserve({1});
        watch.awaitQuiet({1});
        QVERIFY(looks.next().found.empty()); // what it said is of before the run
    }

    void aQuestionEndsWithTheWatch()
    {
        Looks looks;
        std::latch asked(1);
        {
            const PresenceWatch watch({{1}}, lastingQuestion(asked, std::nullopt), looks);
            asked.wait();
        }
        QVERIFY(looks.next().found.empty());
    }

    void aStopIsAskedWithoutWaiting()
    {
        Looks looks;
        std::latch asked(1);
        std::latch go(1);
        PresenceWatch watch(
            {{1}},
            [&](SlotNumber, const std::stop_token& stop) -> std::optional<bool> {
                asked.count_down();
                go.wait();
                return stop.stop_requested() ? std::nullopt : std::optional{true};
            },
            looks);
        asked.wait();
        watch.requestStop(); // the question is still under way
        go.count_down();
        QVERIFY(looks.next().found.empty());
    }

    void aLookThatCannotBeHandedOnEndsNoOthers()
    {
        /// Has no memory for the first one.
        class Sink final : public LookSink {
        public:
            void looked(const Looked& looked) override
            {
                if (std::exchange(m_first, false)) {
                    throw std::bad_alloc();
                }
                looks.looked(looked);
            }
            Looks looks;

        private:
            bool m_first = true;
        };
        Sink sink;
        const PresenceWatch watch(
            {{1}}, [](SlotNumber, const std::stop_token&) { return true; }, sink);
        QVERIFY((sink.looks.next().found == Sightings{{{1}, true}}));
    }

    /// A device that answered a moment ago is asked again only when something was plugged in or out, and by the second. So the order of
    /// looks that ask and looks that do not shows which of them waited.
    void whatIsPluggedIsLookedAtAtOnceAndNothingMoreOftenThen()
    {
        std::atomic<int> asked = 0;
        AskingLooks looks{asked};
        PresenceWatch watch(
            {{1}},
            [&asked](SlotNumber, const std::stop_token&) {
                ++asked;
                return true;
            },
            looks);
        QVERIFY((looks.next(1) == std::vector{true}));
        watch.plugged();
        QVERIFY((looks.next(4) == std::vector{true, false, true, true})); // at once, right behind it, and by the second
    }

    /// It may have answered before it was plugged out.
    void whatAnswersWhileSomethingIsPluggedIsAskedAgain()
    {
        std::atomic<int> asked = 0;
        AskingLooks looks{asked};
        QSemaphore begun;
        QSemaphore answers;
        PresenceWatch watch(
            {{1}},
            [&](SlotNumber, const std::stop_token&) {
                ++asked;
                begun.release();
                answers.acquire();
                return true;
            },
            looks);
        const auto end = qScopeGuard([&answers] { answers.release(100); });
        QVERIFY(begun.tryAcquire(1, kPatience));
        watch.plugged();
        answers.release(100);
        QVERIFY((looks.next(3) == std::vector{true, true, false}));
    }

    /// An agent that takes the connection and never answers would else be left out of every look, unsaid.
    void whatNeverAnswersIsSaidToBeUnclear()
    {
        Looks looks;
        std::atomic<bool> answers = false;
        PresenceWatch watch(
            {{1}, {2}},
            [&](SlotNumber slot, const std::stop_token&) -> std::optional<bool> {
                return slot.value == 1 || answers ? std::optional{slot.value == 2} : std::nullopt;
            },
            looks);
        int hand = 0;
        const auto lookAgain = [&] {
            watch.scanned(++hand); // no look waits for its turn
            return looks.next();
        };
        auto seen = looks.next();
        QVERIFY(seen.unclear.empty()); // one question is none
        for (int look = 0; look < 20 && seen.unclear.empty(); ++look) {
            seen = lookAgain();
        }
        QVERIFY((seen.unclear == UnclearSlots{{2}} && !seen.found.contains({2})));
        watch.reserve({2});
        watch.awaitQuiet({2});
        for (int look = 0; look < 20 && !seen.unclear.empty(); ++look) {
            seen = lookAgain();
        }
        QVERIFY(seen.unclear.empty()); // a run finds out more
        answers = true;
        watch.release({2});
        for (int look = 0; look < 20 && !seen.found.contains({2}); ++look) {
            seen = lookAgain();
        }
        QVERIFY(seen.found.contains({2}) && seen.unclear.empty());
    }

    void anExceptionIsNoAnswer()
    {
        Looks looks;
        const PresenceWatch watch(
            {{1}},
            [](SlotNumber, const std::stop_token&) -> std::optional<bool> { throw std::runtime_error("no memory"); },
            looks);
        QVERIFY(looks.next().found.empty());
    }
};

QTEST_APPLESS_MAIN(PresenceWatchTest)
#include "tst_presence_watch.moc"
