#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/station_window.h"

#include <QSignalSpy>

using namespace enroll;
using namespace enroll::ui;
using enrollment::OperatorId;
using enrollment::Person;
using test::kPatience;
using test::must;
using test::stallingDevice;
using Command = ::enroll::station::Command;
using Need = ::enroll::station::SignIn::Need;

// Badges, through the path that every scan takes.

namespace {

const Person kAna{OperatorId{"ana"}, "Ana M.", enrollment::Role::Technician, {}};
const Person kBen{OperatorId{"ben"}, "Ben K.", enrollment::Role::Quality, {}};
const QString kAnasBadge = QStringLiteral("B00001");
const QString kBensBadge = QStringLiteral("B00002");

enrollment::ScannerSettings scanner()
{
    enrollment::ScannerSettings settings;
    settings.patterns.set(enrollment::CodeKind::Badge, must(enrollment::SerialPattern::compile("^B[0-9]{5}$")));
    return settings;
}

/// Answers when it is told to.
struct Badges final : ::enroll::station::BadgeCheck {
    void ask(SecretBytes badge, Answer answer) override
    {
        asked.emplace_back(std::string{asText(badge.view())}, std::move(answer));
    }
    void askPin(const OperatorId&, SecretBytes, PinAnswer) override { QFAIL("nobody has a PIN here"); }
    /// The oldest question, as the file of people says.
    void answer()
    {
        const auto [code, answer] = asked.front();
        asked.erase(asked.begin());
        answer(code == "B00001" ? std::optional{kAna} : code == "B00002" ? std::optional{kBen} : std::nullopt);
    }

    std::vector<std::pair<std::string, Answer>> asked;
};

/// What was told to be kept.
struct Kept final : ::enroll::station::DutyMemory {
    [[nodiscard]] const ::enroll::station::Duty& kept() const noexcept override { return duty; }
    void change(const ::enroll::station::Duty& now) override { duty = now; }
    ::enroll::station::Duty duty;
};

struct Line : test::Station {
    explicit Line(Need need = Need::Optional, const ::enroll::station::DeviceTpmFactory& device = {},
                  std::shared_ptr<Badges> check = std::make_shared<Badges>())
        : Station(2, device, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, scanner(),
                  ThemeChoice::Light, ::enroll::station::SelfStart{enrollment::StartRule::Key}, nullptr, {},
                  ::enroll::station::WorkOrder{}, {::enroll::station::SignIn{need}, check}),
          badges(std::move(check))
    {}

    void signIn(const QString& badge)
    {
        scan(badge);
        badges->answer();
    }
    [[nodiscard]] const Caption& header() const { return window->appBar().content().caption; }
    void finishes(int slot, const char* person)
    {
        const auto finished = [&] {
            const auto* state = std::get_if<::enroll::station::SlotFinished>(&controller->board().state({slot}));
            return state != nullptr && state->run.operatorId.text() == person;
        };
        QTRY_VERIFY_WITH_TIMEOUT(finished(), kPatience);
    }

    std::shared_ptr<Badges> badges;
};

} // namespace

class RunSignInTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBadgeSignsInAndEveryRunCarriesThePerson()
    {
        Line line;
        QVERIFY(line.header().person.isEmpty());
        line.scan(kAnasBadge);
        QVERIFY(line.tells(ScanNews::ReadingBadge));
        QVERIFY(line.entry()->text().isEmpty()); // nobody else reads it
        QVERIFY(line.header().person.isEmpty());
        line.badges->answer();
        QVERIFY(line.tells(ScanNews::SignedIn));
        QCOMPARE(line.header().person, QStringLiteral("Ana M."));
        QVERIFY(!line.header().role.isEmpty());
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.finishes(1, "ana");
    }

    void aRunWithoutAnybodyCarriesNobody()
    {
        Line line;
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.finishes(1, "");
    }

    /// By a scanner's pace, wherever the focus is.
    void aBadgeIsReadWhereverTheFocusIs()
    {
        Line line;
        test::Keyboard keyboard;
        for (auto* focus : {static_cast<QWidget*>(line.entry()), static_cast<QWidget*>(line.runScreen),
                            static_cast<QWidget*>(line.runScreen->grid().tile({2}))}) {
            focus->setFocus();
            keyboard.type(kAnasBadge, test::Keyboard::scanner(1));
            keyboard.strike(test::Keyboard::scanner(1), Qt::Key_Return);
            QVERIFY(line.tells(ScanNews::ReadingBadge));
            line.badges->answer();
            QVERIFY(line.tells(ScanNews::SignedIn));
            line.scan(Command::SignOut);
            QVERIFY(line.header().person.isEmpty());
            keyboard.wait(1000);
        }
    }

    void aBadgeOfNobodyIsRefusedWithoutItsCode()
    {
        Line line;
        line.signIn(kAnasBadge);
        QSignalSpy alerts(line.runScreen, &RunScreen::alerted);
        line.signIn(QStringLiteral("B99999"));
        QVERIFY(line.refuses(ScanCode::BadgeUnknown));
        QCOMPARE(alerts.size(), 1);
        for (const auto& text : {line.message().headline, line.message().next, line.entry()->text()}) {
            QVERIFY(!text.contains(QStringLiteral("B99999")));
        }
        QCOMPARE(line.header().person, QStringLiteral("Ana M.")); // she did not leave
    }

    void theNextBadgeTakesThePlaceOfTheLast()
    {
        Line line(Need::Optional, stallingDevice);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.signIn(kBensBadge);
        QCOMPARE(line.header().person, QStringLiteral("Ben K."));
        line.scan(QStringLiteral("GX-000182"));
        line.scan(Command::StartAll);
        line.controller->stopAll();
        line.finishes(1, "ana"); // what runs keeps who started it
        line.finishes(2, "ben");
    }

    /// Whoever takes the place may have another device in.
    void whatOneStoppedTheNextScansAgain()
    {
        for (const bool signsOut : {false, true}) {
            Line line(Need::Optional, stallingDevice);
            line.signIn(kAnasBadge);
            line.scan(QStringLiteral("GX-000181"));
            line.scan(Command::StartAll);
            line.controller->stop({1});
            QTRY_VERIFY_WITH_TIMEOUT(line.tile(1).look == TileLook::Stopped, kPatience);
            const auto before = line.tile(1).instruction;
            if (signsOut) {
                line.press(Qt::Key_F10);
                QVERIFY(line.tile(1).instruction != before);
            }
            line.signIn(kBensBadge);
            QVERIFY(line.tile(1).instruction != before);
            line.choose(1);
            line.press(Qt::Key_F4);
            QVERIFY(line.tells(ScanNews::NothingReady));
            QVERIFY(line.tile(1).look == TileLook::Stopped);
            line.choose(1);
            line.scan(QStringLiteral("GX-000181"));
            line.scan(Command::StartAll);
            QVERIFY(line.tile(1).look == TileLook::Running);
        }
    }

    /// Whoever takes the place scans the next label.
    void aSlotThatOneChoseIsNoChoiceOfTheNext()
    {
        for (const bool signsOut : {false, true}) {
            Line line;
            line.signIn(kAnasBadge);
            line.choose(2);
            if (signsOut) {
                line.entry()->setText(QStringLiteral("GX-9"));
                line.press(Qt::Key_F10);
                QVERIFY(line.entry()->text().isEmpty());
            }
            line.signIn(kBensBadge);
            line.scan(QStringLiteral("GX-000181"));
            QVERIFY(line.tells(ScanNews::Ready, 1)); // the marked one
        }
    }

    void theLaterOfTwoBadgesCounts()
    {
        Line line;
        line.scan(kAnasBadge);
        line.scan(kBensBadge);
        line.badges->answer();
        QVERIFY(line.header().person.isEmpty());
        line.badges->answer();
        QCOMPARE(line.header().person, QStringLiteral("Ben K."));
    }

    /// It may be somebody else who is there already.
    void whileABadgeIsReadNothingIsDoneInTheNameOfWhoWasThere()
    {
        Line line(Need::Optional, stallingDevice);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(kBensBadge);
        line.scan(Command::StartAll);
        QVERIFY(line.refuses(ScanCode::OperatorMissing));
        QVERIFY(line.controller->start({1}) == RunController::Start::Refused);
        line.scan(QStringLiteral("GX-000182"));
        QVERIFY(line.refuses(ScanCode::OperatorMissing));
        QVERIFY(line.controller->takeOrder(enrollment::BatchId{"WO-4711"}).error().code == ScanCode::OperatorMissing);
        QVERIFY(line.controller->acknowledge({1}).error().code == ScanCode::OperatorMissing);
        line.press(Qt::Key_Escape);
        QVERIFY(line.tells(ScanNews::ReadingBadge)); // it is waited for still
        line.badges->answer();
        line.scan(Command::StartAll);
        line.controller->stopAll();
        line.finishes(1, "ben");
    }

    void aBadgeOfNobodyLeavesWhoWasThereAtWork()
    {
        Line line;
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.signIn(QStringLiteral("B99999"));
        line.scan(Command::StartAll);
        line.finishes(1, "ana");
    }

    void signingOutStopsNothing()
    {
        Line line(Need::Required, stallingDevice);
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.press(Qt::Key_F10);
        QVERIFY(line.tells(ScanNews::SignedOut));
        QVERIFY(line.header().person.isEmpty());
        QVERIFY(line.tile(1).look == TileLook::Running);
        line.scan(Command::SignOut); // once more
        QVERIFY(line.tells(ScanNews::SignedOut));
        line.controller->stopAll();
        line.finishes(1, "ana");
    }

    void signingOutWhileABadgeIsReadSignsNobodyIn()
    {
        Line line;
        line.scan(kAnasBadge);
        line.scan(Command::SignOut);
        line.badges->answer();
        QVERIFY(line.header().person.isEmpty());
        QVERIFY(line.tells(ScanNews::SignedOut));
    }

    void withoutThePersonThatIsRequiredNothingIsTested()
    {
        Line line(Need::Required);
        QVERIFY(line.tells(ScanNews::OperatorWanted));
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.refuses(ScanCode::OperatorMissing));
        line.press(Qt::Key_Escape);
        QVERIFY(line.tells(ScanNews::OperatorWanted));
        line.signIn(kAnasBadge);
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.tells(ScanNews::Ready, 1));
        line.scan(Command::SignOut);
        line.scan(Command::StartAll); // it waits since somebody was there
        QVERIFY(line.refuses(ScanCode::OperatorMissing));
        line.runScreen->grid().tile({1})->press();
        QVERIFY(line.refuses(ScanCode::OperatorMissing));
        QVERIFY(line.tile(1).look == TileLook::Ready);
        line.signIn(kBensBadge);
        line.scan(Command::StartAll);
        line.finishes(1, "ben");
    }

    /// A restart ends none: who goes on after it works in the shift of before.
    void aShiftBeginsWithItsFirstBadgeAndIsKept()
    {
        const auto kept = std::make_shared<Kept>();
        const auto badges = std::make_shared<Badges>();
        const auto controllerOn = [&] {
            RunSetup setup;
            setup.devices.emplace(enrollment::SlotNumber{1}, "tcp://127.0.0.1:2321");
            setup.duty = kept;
            setup.badges = badges;
            return std::make_unique<RunController>(std::move(setup));
        };
        const auto signInAt = [&](RunController& controller) {
            QVERIFY(controller.readBadge(SecretBytes::copyOf(asBytes(std::string_view{"B00001"}))).ok());
            badges->answer();
        };
        auto controller = controllerOn();
        QVERIFY(!controller->shiftStart());
        QVERIFY(controller->takeOrder(enrollment::BatchId{"WO-4711"}).ok());
        signInAt(*controller);
        const auto began = controller->shiftStart();
        QVERIFY(began && *began <= utcNow());
        QVERIFY(kept->duty.order); // the one does not forget the other
        controller = controllerOn();
        QVERIFY(controller->shiftStart() == began);
        signInAt(*controller);
        QVERIFY(controller->shiftStart() == began);
        controller->signOut();
        QVERIFY(controller->shiftStart() == began); // its numbers stay
        QVERIFY(kept->duty.shift.over);
        signInAt(*controller);
        QVERIFY(!kept->duty.shift.over && kept->duty.order);
        QVERIFY(controller->takeOrder(enrollment::BatchId{"WO-4712"}).ok());
        QVERIFY(kept->duty.shift.startedAt == controller->shiftStart());
    }

    void whatKeepsTheStationFromTellingIsSaid()
    {
        Line line;
        line.signIn(kAnasBadge);
        line.scan(kBensBadge);
        line.badges->asked.front().second(makeError(StationCode::FileUnusable, "people.toml cannot be read"));
        QVERIFY(line.refuses(StationCode::FileUnusable));
        QCOMPARE(line.header().person, QStringLiteral("Ana M."));
    }

    void whereNobodySignsInABadgeIsRefused()
    {
        Line line(Need::Optional, {}, nullptr);
        line.scan(kAnasBadge);
        QVERIFY(line.refuses(ScanCode::BadgeNotUsed));
        QVERIFY(line.entry()->text().isEmpty());
    }

    /// By a key beside it, Caps Lock, or a second code.
    void aBadgeThatIsRefusedStandsNowhere()
    {
        const std::vector<std::pair<ScanCode, std::function<void(Line&, test::Keyboard&)>>> ways{
            {ScanCode::KeysAmongScan,
             [](Line& line, test::Keyboard& keyboard) {
                 line.entry()->setText(QStringLiteral("1"));
                 keyboard.type(kAnasBadge, test::Keyboard::scanner(1));
             }},
            {ScanCode::CapsLockIsOn,
             [](Line&, test::Keyboard& keyboard) { keyboard.type(kAnasBadge.toLower(), test::Keyboard::scanner(1)); }},
            {ScanCode::TwoCodesAsOne, [](Line&, test::Keyboard& keyboard) {
                 keyboard.type(kAnasBadge + kBensBadge, test::Keyboard::scanner(1));
             }}};
        for (const auto& [code, scan] : ways) {
            Line line;
            test::Keyboard keyboard;
            scan(line, keyboard);
            keyboard.strike(test::Keyboard::scanner(1), Qt::Key_Return);
            QVERIFY2(line.refuses(code), codeText(ErrorCode{code}).data());
            QVERIFY(line.entry()->text().isEmpty());
            QVERIFY(!line.entry()->isUndoAvailable());
        }
    }

    /// The scanner was too far away, or its end came too late: no part of it is read by anybody, and none passes for a code.
    void aPartOfABadgeStandsNowhere()
    {
        Line line;
        test::Keyboard keyboard;
        const auto scan = [&] {
            keyboard.wait(2'000);
            keyboard.type(kAnasBadge, test::Keyboard::scanner(2));
            keyboard.strike(test::Keyboard::scanner(2), Qt::Key_Return);
        };
        keyboard.type(kAnasBadge, test::Keyboard::scanner(2));
        QTRY_VERIFY_WITH_TIMEOUT(line.refuses(ScanCode::ScanCutOff), kPatience);
        QVERIFY(line.entry()->text().isEmpty() && !line.entry()->isUndoAvailable());
        scan(); // it may be the rest of a scan that stalled
        QVERIFY(line.refuses(ScanCode::KeysAmongScan));
        QVERIFY(line.entry()->text().isEmpty());
        scan();
        QVERIFY(line.tells(ScanNews::ReadingBadge));
    }

    /// Where no badge is known, what was refused stays to be read.
    void aSerialThatIsRefusedIsReadWhereNobodySignsIn()
    {
        test::Station line(2);
        line.scan(QStringLiteral("GX-000181GX-000182"));
        QVERIFY(line.refuses(ScanCode::TwoCodesAsOne));
        QVERIFY(!line.entry()->text().isEmpty());
    }

    void anAnswerThatComesTooLateHarmsNothing()
    {
        const auto badges = std::make_shared<Badges>();
        {
            Line line(Need::Optional, {}, badges);
            line.scan(kAnasBadge);
        }
        badges->answer();
    }
};

QTEST_MAIN(RunSignInTest)
#include "tst_run_sign_in.moc"
