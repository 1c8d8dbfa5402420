#include "tests/ui/timed_keys.h"
#include "ui/run/scan_watch.h"

#include <QSignalSpy>
#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using enrollment::ScanEnd;
using Pace = station::EntryWay::Pace;
using Rest = ScanWatch::Rest;
using test::TimedKeys;

namespace {

constexpr int kPatience = 20'000;
const auto kCode = QStringLiteral("B00001");

enrollment::ScannerSettings endsBySilence()
{
    enrollment::ScannerSettings settings;
    settings.end = ScanEnd::Silence;
    return settings;
}

/// Keys with their times, into a watch.
struct Line {
    void type(const QString& text, const TimedKeys::Pace& pace)
    {
        for (const auto character : text) {
            keyboard.strike(
                pace, TimedKeys::of(character), [this](const QKeyEvent& down) { watch.press(down); },
                [this](const QKeyEvent& up) { watch.release(up); });
        }
    }
    void scan(const QString& text) { type(text, TimedKeys::kScanner); }
    void byHand(const QString& text) { type(text, TimedKeys::kFingers); }
    /// Asks \p question of a key that goes down \p gap after the last one went up.
    template <class Question>
    bool ask(const TimedKeys::Key& key, TimedKeys::Milliseconds gap, Question question)
    {
        bool answer = false;
        keyboard.strike(
            {gap, 0}, key, [&](const QKeyEvent& down) { answer = question(watch, down); }, [](const QKeyEvent&) {});
        return answer;
    }
    bool ends(const TimedKeys::Key& key, TimedKeys::Milliseconds gap)
    {
        return ask(key, gap, [](const ScanWatch& asked, const QKeyEvent& down) { return asked.endsScan(down); });
    }
    bool isControl(const TimedKeys::Key& key, TimedKeys::Milliseconds gap)
    {
        return ask(key, gap, [](const ScanWatch& asked, const QKeyEvent& down) { return asked.isControlOfScan(down); });
    }
    bool wasWholeBefore(const TimedKeys::Key& key, TimedKeys::Milliseconds gap)
    {
        return ask(key, gap, [](const ScanWatch& asked, const QKeyEvent& down) { return asked.wasWholeBefore(down); });
    }
    void enter(TimedKeys::Milliseconds gap)
    {
        keyboard.strike(
            {gap, 0}, {Qt::Key_Return}, [this](const QKeyEvent& down) { watch.noteEnd(down); },
            [](const QKeyEvent&) {});
    }
    [[nodiscard]] Pace paceOf(qsizetype entered) const { return watch.way(entered).pace; }

    ScanWatch watch;
    TimedKeys keyboard;
};

} // namespace

class ScanWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsAScannerFromFingers()
    {
        Line line;
        line.byHand(kCode);
        line.enter(80);
        QVERIFY(!line.watch.isScan());
        QVERIFY(line.paceOf(kCode.size()) == Pace::ByHand);
        line.keyboard.now += 1000;
        line.scan(kCode);
        line.enter(3);
        QVERIFY(line.watch.isScan());
        QVERIFY(line.paceOf(kCode.size()) == Pace::Scanner);
    }

    /// The entry holds more than the scanner sent, or less.
    void aKeyBesideAScanIsSeen()
    {
        Line line;
        line.byHand(QStringLiteral("7"));
        line.keyboard.now += 500;
        line.scan(kCode);
        line.enter(3);
        QVERIFY(line.paceOf(kCode.size() + 1) == Pace::Mixed);
        QVERIFY(line.paceOf(kCode.size() - 1) == Pace::Mixed);
    }

    void aKeyHeldByAFingerIsSeen()
    {
        Line line;
        line.scan(kCode);
        line.type(QStringLiteral("2"), {62, 60});
        line.enter(3);
        QVERIFY(line.paceOf(kCode.size() + 1) == Pace::Mixed);
    }

    void aBurstBeginsWithItsFirstCharacter()
    {
        Line line;
        QVERIFY(line.watch.isFirst());
        line.byHand(QStringLiteral("47"));
        QVERIFY(line.watch.isFirst());
        line.scan(QStringLiteral("1"));
        QVERIFY(!line.watch.isFirst());
        line.watch.endBurst();
        line.scan(QStringLiteral("1"));
        QVERIFY(line.watch.isFirst());
    }

    void tabAndLineFeedEndAScan()
    {
        Line line;
        QVERIFY(!line.ends({Qt::Key_Tab}, 500)); // by hand it goes to what is next
        line.scan(kCode);
        QVERIFY(line.ends({Qt::Key_Tab}, 3));
        QVERIFY(!line.ends({Qt::Key_Tab, Qt::ShiftModifier}, 3));
        QVERIFY(!line.ends({Qt::Key_Tab}, 500));
        QVERIFY(line.ends({Qt::Key_J, Qt::ControlModifier}, 500)); // what else would it be
        QVERIFY(!line.ends({Qt::Key_J}, 3));
    }

    void anEndByAFingerMakesNoScanWhole()
    {
        Line line;
        line.scan(kCode);
        line.enter(3000);
        QVERIFY(line.paceOf(kCode.size()) == Pace::Mixed);
        line.watch.setScanner(endsBySilence()); // no key ends its codes, early or late
        line.enter(3000);
        QVERIFY(line.paceOf(kCode.size()) == Pace::Scanner);
    }

    /// F8 is a control character of a code, and a command between codes.
    void aControlCharacterIsPartOfAScan()
    {
        Line line;
        QVERIFY(!line.isControl({Qt::Key_F8}, 500));
        line.scan(kCode);
        QVERIFY(line.isControl({Qt::Key_F8}, 3));
        QVERIFY(!line.isControl({Qt::Key_B}, 3));
        QVERIFY(!line.isControl({Qt::Key_F8}, 500));
    }

    void silenceComesOnceBehindTheLastKey()
    {
        Line line;
        line.watch.setScanner(endsBySilence());
        QSignalSpy silent(&line.watch, &ScanWatch::silent);
        QVERIFY(!line.watch.waits());
        line.scan(kCode);
        QVERIFY(line.watch.waits());
        QTRY_COMPARE_WITH_TIMEOUT(silent.size(), 1, kPatience);
        QVERIFY(!line.watch.waits());
        line.scan(kCode);
        line.watch.stopWaiting();
        QVERIFY(!line.watch.waits());
    }

    void restSaysWhatTheCharactersAre()
    {
        Line line;
        QVERIFY(line.watch.rest() == Rest::Nothing);
        line.byHand(kCode);
        QVERIFY(line.watch.rest() == Rest::Nothing);
        line.keyboard.now += 1000;
        line.scan(kCode);
        QVERIFY(line.watch.rest() == Rest::CutOff); // a line end is still to come
        line.watch.setScanner(endsBySilence());
        QVERIFY(line.watch.rest() == Rest::Whole);
        line.keyboard.now += 1000;
        line.scan(kCode.left(5)); // fewer than any code has
        QVERIFY(line.watch.rest() == Rest::CutOff);
        line.keyboard.now += 1000;
        line.type(kCode.left(5), {58, 55}); // and held as a finger holds keys
        QVERIFY(line.watch.rest() == Rest::Nothing);
    }

    void whatWasCutOffIsNeverWhole()
    {
        Line line;
        line.scan(kCode);
        line.watch.noteCutOff();
        QVERIFY(line.watch.rest() == Rest::Nothing); // it was told
        line.enter(3);
        QVERIFY(line.paceOf(kCode.size()) == Pace::Mixed);
        line.keyboard.now += 1000;
        line.scan(kCode); // another code
        line.enter(3);
        QVERIFY(line.paceOf(kCode.size()) == Pace::Scanner);
    }

    /// The head went to another entry, which knew nothing of the rest.
    void theRestOfAScanIsNotWhole()
    {
        Line line;
        line.scan(kCode.left(3));
        Line other;
        other.keyboard = line.keyboard;
        other.watch.goOnBehind(line.watch.unfinished());
        QVERIFY(other.watch.waits());
        other.scan(kCode.mid(3));
        QVERIFY(!other.watch.isFirst());
        other.enter(3);
        QVERIFY(other.paceOf(kCode.size() - 3) == Pace::Mixed);
    }

    void nothingIsBehindACodeThatWasWhole()
    {
        Line line;
        line.scan(kCode);
        line.watch.endBurst();
        QVERIFY(line.paceOf(kCode.size()) == Pace::ByHand);
        QVERIFY(line.ends({Qt::Key_Tab}, 3)); // the second of two ends
        Line other;
        other.watch.goOnBehind(line.watch.unfinished());
        QVERIFY(!other.watch.waits());
        QVERIFY(other.watch.isFirst());
    }

    /// The program was busy, and comes to two codes at once.
    void silenceBeforeAKeyIsSeenInItsTime()
    {
        Line line;
        line.scan(kCode);
        QVERIFY(!line.wasWholeBefore({Qt::Key_B}, 500)); // a line end is still to come
        line.watch.setScanner(endsBySilence());
        QVERIFY(line.wasWholeBefore({Qt::Key_B}, 500));
        line.scan(kCode);
        QVERIFY(!line.wasWholeBefore({Qt::Key_B}, 3));
        line.watch.endBurst();
        QVERIFY(!line.wasWholeBefore({Qt::Key_B}, 500)); // it was taken
    }

    void nothingIsKnownOfWhatWasForgotten()
    {
        Line line;
        line.scan(kCode);
        line.watch.noteCutOff();
        line.watch.forget();
        QVERIFY(!line.watch.waits());
        QVERIFY(!line.watch.isScan());
        QVERIFY(!line.ends({Qt::Key_Tab}, 3));
        QVERIFY(line.watch.rest() == Rest::Nothing);
        QVERIFY(line.paceOf(kCode.size()) == Pace::ByHand);
    }
};

QTEST_GUILESS_MAIN(ScanWatchTest)
#include "tst_scan_watch.moc"
