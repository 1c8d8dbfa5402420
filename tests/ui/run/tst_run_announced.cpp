#include "core/base/scan_code.h"
#include "tests/support/sample_acts.h"
#include "tests/ui/station_window.h"
#include "ui/run/lasting_message.h"
#include "ui/run/page_tab.h"
#include "ui/run/scan_messages.h"
#include "ui/run/tile_painter.h"

#include <mutex>

using namespace enroll;
using namespace enroll::ui;
using ::enroll::station::Sighting;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::StartRule;
using test::kPatience;

namespace {

/// The devices in the slots 1 and 2, and what they say.
class SayingDevices {
public:
    /// Any thread.
    void put(int slot, const char* serial) { set(slot, Sighting{true, SerialNumber{serial}}); }
    void putSilent(int slot) { set(slot, Sighting{true}); }
    void putUnfit(int slot, const char* says)
    {
        Sighting sighting{true};
        sighting.unfit = says;
        set(slot, std::move(sighting));
    }
    void stall(int slot) { set(slot, {}); }
    void takeOut(int slot) { set(slot, Sighting{false}); }
    /// Lives no longer than this object.
    [[nodiscard]] ::enroll::station::PresenceProbe probe()
    {
        return [this](enrollment::SlotNumber slot, const std::stop_token&) -> std::optional<Sighting> {
            const std::scoped_lock lock(m_mutex);
            return m_inside.at(static_cast<std::size_t>(slot.value));
        };
    }

private:
    void set(int slot, std::optional<Sighting> sighting)
    {
        const std::scoped_lock lock(m_mutex);
        m_inside.at(static_cast<std::size_t>(slot)) = std::move(sighting);
    }

    std::mutex m_mutex;
    std::array<std::optional<Sighting>, 3> m_inside{Sighting{false}, Sighting{false}, Sighting{false}};
};

enrollment::ScannerSettings scannerOfOrders()
{
    enrollment::ScannerSettings scanner;
    scanner.patterns.set(enrollment::CodeKind::Batch, test::must(enrollment::SerialPattern::compile("^WO-[0-9]{4}$")));
    return scanner;
}

struct Acts {
    std::shared_ptr<test::KeptActs> kept = std::make_shared<test::KeptActs>();
};

/// A window by the rule "device-serial" whose slots were seen empty for long enough.
struct Line : SayingDevices, Acts, test::Station { // in this order: the probe ends before what it reads is gone
    explicit Line(StartRule start,
                  ::enroll::station::WorkOrder::Need order = ::enroll::station::WorkOrder::Need::Optional,
                  int slots = 2)
        : Station(slots, test::stallingDevice, nullptr, "^GX-[0-9]{6}$", PairingRule::DeviceSerial, probe(),
                  scannerOfOrders(), ThemeChoice::Light, ::enroll::station::SelfStart{start}, nullptr, {},
                  ::enroll::station::WorkOrder{order}, {.acts = kept})
    {
        const auto seenEmpty = [&] { return !board().doubted({1}) && !board().doubted({2}); };
        [&] { QTRY_VERIFY_WITH_TIMEOUT(seenEmpty(), kPatience); }();
    }

    [[nodiscard]] const ::enroll::station::SlotBoard& board() const { return controller->board(); }
    [[nodiscard]] bool waits(int slot) const
    {
        return std::holds_alternative<::enroll::station::SlotReady>(board().state({slot}));
    }
    [[nodiscard]] bool runs(int slot) const
    {
        return std::holds_alternative<::enroll::station::SlotRunning>(board().state({slot}));
    }
    /// However busy the machine is, no time goes by for the screen.
    void stopClock()
    {
        runScreen->setClock([now = std::chrono::steady_clock::now()] { return now; });
    }
    /// By F7, after its question was read.
    void stop()
    {
        press(Qt::Key_F7);
        readQuestion();
        press(Qt::Key_F7);
    }
};

TileContext contextOf()
{
    TileContext context{{1}, "tcp://127.0.0.1:2321", std::chrono::steady_clock::now()};
    context.turn = turnOf(PairingRule::DeviceSerial, false, false);
    context.byDevice = true;
    context.senses = true;
    return context;
}

} // namespace

/// The Run screen by the rule "device-serial".
class RunAnnouncedTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDeviceThatSaysItsSerialWaitsForItsStart()
    {
        Line line(StartRule::Key);
        QVERIFY(line.tells(ScanNews::Idle));
        QVERIFY(!line.tile(1).next && !line.tile(2).next);
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::Ready, 1), kPatience);
        QCOMPARE(line.tile(1).serial, QStringLiteral("GX-000181"));
        line.scan(QStringLiteral("GX-000181")); // confirms
        QVERIFY(line.tells(ScanNews::Ready, 1));
        line.scan(QStringLiteral("GX-000182"));
        QVERIFY(line.refuses(ScanCode::NoDeviceSaysSerial));
        line.choose(1);
        line.scan(QStringLiteral("GX-000183"));
        QVERIFY(line.refuses(ScanCode::DeviceSaysOther));
        QVERIFY(line.message().headline.contains(QLatin1String("GX-000181")) &&
                line.message().headline.contains(QLatin1String("GX-000183")));
        QVERIFY(line.waits(1));
        line.press(Qt::Key_Escape);
        line.press(Qt::Key_F4);
        QVERIFY(line.runs(1));
    }

    void oneSerialInTwoSlotsIsRefusedAndNamesBoth()
    {
        Line line(StartRule::Present);
        line.put(1, "GX-000181");
        line.put(2, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.refuses(ScanCode::TwoDevicesSaySerial) || line.runs(1) || line.runs(2),
                                 kPatience);
        if (line.refuses(ScanCode::TwoDevicesSaySerial)) { // one look saw both
            QVERIFY(line.message().headline.contains(QLatin1Char('1')) &&
                    line.message().headline.contains(QLatin1Char('2')));
        }
        QVERIFY(!line.runs(1) || !line.runs(2));
    }

    /// The bar asked for the label of the one in slot 1 before, and asks for it again.
    void aSerialThatOneDeviceAloneSaysAgainIsAskedFor()
    {
        Line line(StartRule::Key);
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1), kPatience);
        line.choose(1);
        line.press(Qt::Key_F7);
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::WhoseDevice, 1), kPatience);
        const auto asked = line.tile(1).instruction;
        const auto asks = line.message();
        line.put(2, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.refuses(ScanCode::TwoDevicesSaySerial), kPatience);
        QVERIFY(line.tile(1).instruction != asked && line.tile(2).instruction == line.tile(1).instruction);
        line.takeOut(2);
        QTRY_VERIFY_WITH_TIMEOUT(line.message() == asks, kPatience);
        QCOMPARE(line.tile(1).instruction, asked);
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.tells(ScanNews::Ready, 1));
    }

    void aResultThatTheLabelOfTheNextDeviceClearsIsKept()
    {
        Line line(StartRule::Key);
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1), kPatience);
        line.press(Qt::Key_F4);
        line.choose(1);
        line.stop();
        QTRY_VERIFY_WITH_TIMEOUT(line.tile(1).look == TileLook::Stopped, kPatience);
        line.takeOut(1);
        QTRY_VERIFY_WITH_TIMEOUT(line.board().resultLeft({1}), kPatience);
        line.put(1, "GX-000182");
        QTRY_VERIFY_WITH_TIMEOUT(line.board().unnamed({1}), kPatience);
        line.scan(QStringLiteral("GX-000182"));
        QVERIFY(line.waits(1));
        const auto& act = line.kept->all.back();
        QVERIFY(act.what == Word<::enroll::station::ActKind>{::enroll::station::ActKind::ResultReplaced});
        QVERIFY(act.serialNumber == SerialNumber{"GX-000181"} && act.nextSerialNumber == SerialNumber{"GX-000182"});
    }

    void aSilentDeviceIsSaidToBe()
    {
        Line line(StartRule::Present);
        line.putSilent(2);
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::WhoseDevice, 2), kPatience);
        QVERIFY(line.tile(2).look == TileLook::Whose);
        line.choose(2);
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.refuses(ScanCode::NoDeviceSaysSerial));
        QVERIFY(!line.runs(2) && !line.waits(2));
        line.put(2, "GX-000181");                          // its agent is up
        QTRY_VERIFY_WITH_TIMEOUT(line.runs(2), kPatience); // as soon as serial and device are there
    }

    /// The order is that of the serials that come after it, as of a scan; and nothing is taken before one is.
    void aScanStartsTheTestOfTheOrder()
    {
        Line line(StartRule::Scan, ::enroll::station::WorkOrder::Need::Required);
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.board().saidIn({1}) == SerialNumber{"GX-000181"}, kPatience);
        QVERIFY(!line.waits(1));
        line.scan(QStringLiteral("WO-4711"));
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::Ready, 1), kPatience);
        QVERIFY(line.board().startOf({1}) == ::enroll::station::StartBy::Label);
        QCOMPARE(line.controller->workOrder().orderOf(SerialNumber{"GX-000181"}), enrollment::BatchId{"WO-4711"});
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.runs(1));
    }

    void twoThatOneLookBindsKeepTheirOrder()
    {
        Line line(StartRule::Key, ::enroll::station::WorkOrder::Need::Required);
        line.put(1, "GX-000181");
        line.put(2, "GX-000182");
        QTRY_VERIFY_WITH_TIMEOUT(line.board().saidIn({1}) && line.board().saidIn({2}), kPatience);
        line.scan(QStringLiteral("WO-4711"));
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1) && line.waits(2), kPatience);
        line.scan(QStringLiteral("WO-4712"));
        QCOMPARE(line.controller->workOrder().orderOf(SerialNumber{"GX-000181"}), enrollment::BatchId{"WO-4711"});
        QCOMPARE(line.controller->workOrder().orderOf(SerialNumber{"GX-000182"}), enrollment::BatchId{"WO-4711"});
    }

    void aLabelIsReadForTheOrderOfItsScan()
    {
        Line line(StartRule::Scan, ::enroll::station::WorkOrder::Need::Required);
        line.scan(QStringLiteral("WO-4711"));
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1), kPatience);
        line.scan(QStringLiteral("WO-4712"));
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.runs(1));
        QCOMPARE(line.controller->workOrder().orderOf(SerialNumber{"GX-000181"}), enrollment::BatchId{"WO-4712"});
    }

    /// Of two slots, that of the result and that of the device, only the latter takes the scan.
    void aRefusalNamesTheSlotWhoseLabelComesFirst()
    {
        namespace station = ::enroll::station;
        const SerialNumber serial{"GX-000181"};
        station::SlotBoard board{{{1}, {2}}, PairingRule::DeviceSerial};
        std::chrono::steady_clock::time_point now{};
        const auto look = [&](const std::map<enrollment::SlotNumber, SerialNumber>& says) {
            now += station::SlotDevices::kGone;
            board.look({{{{1}, says.contains({1})}, {{2}, says.contains({2})}}, true, now, says});
        };
        look({});
        look({});
        look({{{1}, serial}});
        QVERIFY(std::holds_alternative<station::SlotReady>(board.state({1})));
        enrollment::AttestationRun run;
        run.serialNumber = serial;
        run.outcome = Outcome::Fail;
        run.tpm.emplace();
        board.apply({1}, station::RunStarted{});
        board.apply({1}, station::RunFinished{run});
        look({{{2}, serial}});
        const auto refused = board.bind(serial, {});
        QVERIFY(!refused.ok() && refused.error().code == ScanCode::SerialHasResult);
        const auto message = refusalMessage(refused.error(), board);
        QVERIFY2(message.next.contains(QLatin1String("slot 2")), qPrintable(message.next));
        QVERIFY(message.slot == enrollment::SlotNumber{2} && board.asksForChoice({2}));
        QVERIFY(asItIsNow(message, board) == message); // as long as it is so
        auto left = board;
        left.look({{{{1}, false}, {{2}, false}}, true, now + station::SlotDevices::kGone});
        left.look({{{{1}, false}, {{2}, false}}, true, now + 2 * station::SlotDevices::kGone});
        QVERIFY(!asItIsNow(message, left));
        QCOMPARE(board.bind(serial, enrollment::SlotNumber{2}).ok(), true);
        QVERIFY(!offerOf({2}, board).contains(QLatin1String("next serial"))); // which would be refused
    }

    /// As with a link that comes and goes.
    void whatComesAndGoesElsewhereLeavesAQuestion_data()
    {
        QTest::addColumn<int>("start");
        for (const auto& [word, rule] : enrollment::kStartWords) {
            QTest::newRow(std::string{word}.c_str()) << static_cast<int>(rule);
        }
    }
    void whatComesAndGoesElsewhereLeavesAQuestion()
    {
        QFETCH(int, start);
        Line line(static_cast<StartRule>(start));
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1) || line.runs(1), kPatience);
        line.press(Qt::Key_F4);
        QVERIFY(line.runs(1));
        line.stopClock();
        line.press(Qt::Key_F7);
        QVERIFY(line.tells(ScanNews::StopQuestion, 1));
        for (int round = 0; round < 2; ++round) {
            line.put(2, "GX-000182");
            QTRY_VERIFY_WITH_TIMEOUT(line.waits(2) || line.runs(2), kPatience);
            QVERIFY(line.tells(ScanNews::StopQuestion, 1));
            line.takeOut(2);
            QTRY_VERIFY_WITH_TIMEOUT(!line.waits(2), kPatience);
            QVERIFY(line.tells(ScanNews::StopQuestion, 1));
        }
        line.readQuestion();
        line.press(Qt::Key_F7);
        QVERIFY(line.tells(ScanNews::Stopping, 1));
    }

    /// It would hide for ever what happens.
    void aQuestionThatNobodyAnswersGivesWay()
    {
        Line line(StartRule::Key);
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1), kPatience);
        line.press(Qt::Key_F4);
        line.stopClock();
        QVERIFY(!line.runScreen->letsClose());
        QVERIFY(line.tells(ScanNews::CloseQuestion));
        line.put(2, "GX-000182");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(2), kPatience);
        QVERIFY(line.tells(ScanNews::CloseQuestion));
        line.runScreen->setClock([] { return std::chrono::steady_clock::now() + std::chrono::seconds{31}; });
        line.takeOut(2);
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::LostSlot, 2), kPatience);
    }

    /// Who is in is heard by the first look after the stop, and the bar has told of the stop by then.
    void theOnlySlotOffersWhatF4DoesAfterAStop()
    {
        Line line(StartRule::Key, ::enroll::station::WorkOrder::Need::Optional, 1);
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1), kPatience);
        for (int round = 0; round < 2; ++round) {
            line.press(Qt::Key_F4);
            QVERIFY(line.runs(1));
            line.stop();
            QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::StartsAgain, 1), kPatience);
        }
        line.takeOut(1);
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::NotJudged, 1), kPatience);
        line.press(Qt::Key_F4);
        QVERIFY(!line.runs(1));
    }

    void aChosenSlotOffersWhatF4DoesAfterAStop()
    {
        Line line(StartRule::Key);
        line.put(1, "GX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.waits(1), kPatience);
        line.press(Qt::Key_F4);
        line.choose(1);
        line.stop();
        QTRY_VERIFY_WITH_TIMEOUT(line.tile(1).look == TileLook::Stopped, kPatience);
        line.choose(1);
        const auto before = line.board().startsAgain({1}) ? QString{} : line.message().next;
        QTRY_VERIFY_WITH_TIMEOUT(line.board().startsAgain({1}), kPatience);
        QVERIFY(line.tells(ScanNews::Selected, 1) && line.message().next != before);
        QCOMPARE(line.message().next, offerOf({1}, line.board()));
    }

    void aTileOfADeviceThatWaitsIsNotEmpty()
    {
        auto context = contextOf();
        const auto free = tileContent(::enroll::station::SlotEmpty{}, context);
        context.presence = ::enroll::station::Presence::Present;
        context.said = SerialNumber{"GX-000184"};
        const auto waits = tileContent(::enroll::station::SlotEmpty{}, context);
        QVERIFY(waits.word != free.word && waits.instruction != free.instruction);
        QVERIFY(!free.deviceIn && waits.deviceIn && waits.look == TileLook::Ready);
        for (const Tokens& tokens :
             {tokensOf(Shade::Light), tokensOf(Shade::Dark)}) { // seen from where the devices are put in
            QVERIFY(plainInk(waits, tokens) == tokens.ink && plainInk(free, tokens) != tokens.ink);
        }
        QVERIFY(waits.serial.contains(QLatin1String("GX-000184")));
        context.unnamed = true;
        const auto asked = tileContent(::enroll::station::SlotEmpty{}, context);
        QVERIFY(!asked.deviceIn); // it has a look of its own
        context.asksForChoice = true;
        QVERIFY(tileContent(::enroll::station::SlotEmpty{}, context).instruction != asked.instruction);
    }

    void aDeviceThatNeverAnswersIsSaidToBe()
    {
        Line line(StartRule::Present);
        line.stall(2);
        QTRY_VERIFY_WITH_TIMEOUT(line.refuses(ScanCode::NoClearAnswer), kPatience);
        QVERIFY(line.message().slot == enrollment::SlotNumber{2} && line.message().headline.contains(QLatin1Char('2')));
        QVERIFY(line.tile(2).code == ScanCode::NoClearAnswer && line.tile(2).look == TileLook::NoAnswer);
        QVERIFY(line.tile(1).look == TileLook::Ready && !line.tile(1).code);
        line.takeOut(2);
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::Idle), kPatience);
        QVERIFY(!line.tile(2).code && line.tile(2).look == TileLook::Ready);
    }

    /// By every rule; and where a serial waits, or the result of a device that is out gives way.
    void tilesSayThatADeviceDoesNotAnswer()
    {
        for (const auto rule :
             {PairingRule::NextSlot, PairingRule::SlotThenSerial, PairingRule::Insert, PairingRule::DeviceSerial}) {
            auto context = contextOf();
            context.turn = turnOf(rule, false, false);
            context.byDevice = rule == PairingRule::DeviceSerial;
            const auto free = tileContent(::enroll::station::SlotEmpty{}, context);
            context.unclear = true;
            const auto unclear = tileContent(::enroll::station::SlotEmpty{}, context);
            QVERIFY(noteOf({&unclear}).worst == TileLook::NoAnswer); // what the tab of its page says
            QVERIFY(unclear.code == ScanCode::NoClearAnswer && unclear.word != free.word &&
                    unclear.instruction != free.instruction);
            const auto ready = tileContent(::enroll::station::SlotReady{SerialNumber{"GX-000184"}}, context);
            QVERIFY(ready.code == ScanCode::NoClearAnswer && !ready.reason.isEmpty());
            enrollment::AttestationRun run;
            run.outcome = Outcome::Pass;
            const ::enroll::station::SlotState passed = ::enroll::station::SlotFinished{run};
            QVERIFY(tileContent(passed, context).look == TileLook::Pass);
            context.resultLeft = true;
            QVERIFY(tileContent(passed, context).code == ScanCode::NoClearAnswer);
        }
    }

    /// It is whatever somebody made the device say.
    void whatADeviceSaysInPlaceOfASerialIsShortAndPlain()
    {
        auto context = contextOf();
        context.presence = ::enroll::station::Presence::Present;
        context.unnamed = true;
        context.unfit = "one\ntwo\xE2\x80\xAE \x1B[2J %1 <b>";
        const auto hostile = tileContent(::enroll::station::SlotEmpty{}, context).serial;
        for (const auto character : hostile) {
            QVERIFY(character.isPrint() && character != QChar(0x202E));
        }
        context.unfit =
            std::string(4, 'A') + "\xF0\x9F\x98\x80" + std::string(60, 'B') + "\xF0\x9F\x98\x80" + "CCCCCCCCC";
        const auto text = tileContent(::enroll::station::SlotEmpty{}, context).serial;
        QVERIFY(text.size() < 30 && text.startsWith(QLatin1String("Says AAAA")) &&
                text.endsWith(QLatin1String("CCCC")));
        for (const auto character : text) {
            QVERIFY(!character.isSurrogate());
        }
    }

    void aDeviceThatSaysNoSerialOfTheProductIsShownWithWhatItSays()
    {
        Line line(StartRule::Present);
        line.putUnfit(2, "RX-000181");
        QTRY_VERIFY_WITH_TIMEOUT(line.tells(ScanNews::WhoseDevice, 2), kPatience);
        QVERIFY(line.message().headline.contains(QLatin1String("RX-000181")));
        QVERIFY(line.tile(2).serial.contains(QLatin1String("RX-000181")) && line.tile(2).look == TileLook::Whose);
        line.scan(QStringLiteral("RX-000181"));
        QVERIFY(line.message().news == ScanNews::Refused && !line.waits(2) && !line.runs(2));
    }

    void tilesSayWhatADeviceSays()
    {
        auto context = contextOf();
        const auto free = tileContent(::enroll::station::SlotEmpty{}, context);
        context.presence = ::enroll::station::Presence::Present;
        context.unnamed = true;
        const auto silent = tileContent(::enroll::station::SlotEmpty{}, context);
        context.unfit = "RX-000184";
        const auto unfit = tileContent(::enroll::station::SlotEmpty{}, context);
        QVERIFY(unfit.look == TileLook::Whose && unfit.instruction == silent.instruction);
        QVERIFY(unfit.serial.contains(QLatin1String("RX-000184")) && unfit.serialRole == SerialRole::Placeholder);
        context.unfit.clear();
        context.said = SerialNumber{"GX-000184"};
        const auto asked = tileContent(::enroll::station::SlotEmpty{}, context);
        QVERIFY(free.look == TileLook::Ready && silent.look == TileLook::Whose && asked.look == TileLook::Whose);
        QVERIFY(asked.serial.contains(QLatin1String("GX-000184")) && asked.serialRole == SerialRole::Placeholder);
        QVERIFY(silent.instruction != asked.instruction && silent.instruction != free.instruction);

        enrollment::AttestationRun run; // both serials, where they differ
        run.serialNumber = SerialNumber{"GX-000183"};
        run.outcome = Outcome::Fail;
        const auto failed = tileContent(::enroll::station::SlotFinished{run}, context);
        QCOMPARE(failed.serial, QStringLiteral("GX-000183"));
        QVERIFY(failed.reason.contains(QLatin1String("GX-000184")));

        context.unnamed = false;
        context.startBy = ::enroll::station::StartBy::Label;
        const auto label = tileContent(::enroll::station::SlotReady{*context.said}, context).instruction;
        context.startBy = ::enroll::station::StartBy::Key;
        QVERIFY(tileContent(::enroll::station::SlotReady{*context.said}, context).instruction != label);
    }
};

QTEST_MAIN(RunAnnouncedTest)
#include "tst_run_announced.moc"
