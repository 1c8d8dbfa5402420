#pragma once

#include "tests/support/sample_acts.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/station_window.h"
#include "ui/sign_in/sign_in_screen.h"
#include "ui/sign_in/touch_watch.h"

namespace enroll::test {

/// Ana and Dan have no PIN, Ben's is 4711; a badge is "B" and five digits, Ana's B00001, Ben's B00002, Dan's B00003.
inline const enrollment::Person kAna{enrollment::OperatorId{"ana"}, "Ana M.", enrollment::Role::Technician, {}};
inline const enrollment::Person kBen{
    enrollment::OperatorId{"ben"}, "Ben K.", enrollment::Role::Quality, {}, enrollment::SecretHash{}};
inline const enrollment::Person kDan{enrollment::OperatorId{"dan"}, "Dan A.", enrollment::Role::Administrator, {}};
inline const QString kAnasBadge = QStringLiteral("B00001");
inline const QString kBensBadge = QStringLiteral("B00002");
inline const QString kDansBadge = QStringLiteral("B00003");
inline const QString kBensPin = QStringLiteral("4711");

/// Answers when it is told to, as the file of people says.
struct People final : ::enroll::station::BadgeCheck {
    void ask(SecretBytes badge, Answer answer) override
    {
        badges.emplace_back(std::string{asText(badge.view())}, std::move(answer));
    }
    void askPin(const enrollment::OperatorId& person, SecretBytes pin, PinAnswer answer) override
    {
        pins.emplace_back(person.text() + " " + std::string{asText(pin.view())}, std::move(answer));
    }
    /// Every question that waits.
    void answer()
    {
        for (const auto& [code, tell] : std::exchange(badges, {})) {
            tell(code == "B00001"   ? std::optional{kAna}
                 : code == "B00002" ? std::optional{kBen}
                 : code == "B00003" ? std::optional{kDan}
                                    : std::nullopt);
        }
        for (const auto& [entered, tell] : std::exchange(pins, {})) {
            tell(entered == "ben 4711");
        }
    }

    std::vector<std::pair<std::string, Answer>> badges;
    std::vector<std::pair<std::string, PinAnswer>> pins; ///< whose, and what was entered
};

/// What was told to be kept.
struct KeptDuty final : ::enroll::station::DutyMemory {
    [[nodiscard]] const ::enroll::station::Duty& kept() const noexcept override { return duty; }
    void change(const ::enroll::station::Duty& now) override { duty = now; }
    ::enroll::station::Duty duty;
};

inline enrollment::ScannerSettings badgeScanner()
{
    enrollment::ScannerSettings settings;
    settings.patterns.set(enrollment::CodeKind::Badge, must(enrollment::SerialPattern::compile("^B[0-9]{5}$")));
    return settings;
}

using SignInTime = ::enroll::station::SignIn::TimePoint;
inline constexpr SignInTime kSignInStart{std::chrono::hours{1}};

struct SignInOptions {
    ::enroll::station::SignIn::Need need = ::enroll::station::SignIn::Need::BeforeAll;
    std::chrono::minutes lockAfter{};
    ::enroll::station::DeviceTpmFactory device = {};
    std::shared_ptr<KeptDuty> duty = std::make_shared<KeptDuty>();
    std::shared_ptr<People> people = std::make_shared<People>();
    enrollment::ScannerSettings scanner = badgeScanner();
    ui::ThemeChoice colours = ui::ThemeChoice::Light;
    int slots = 2;
    std::shared_ptr<SignInTime> time = std::make_shared<SignInTime>(kSignInStart);
    ::enroll::station::PresenceProbe presence = {};
    ::enroll::station::SelfStart start{enrollment::StartRule::Key};
    std::shared_ptr<KeptActs> acts = std::make_shared<KeptActs>();
    enrollment::PairingRule pairing = enrollment::PairingRule::NextSlot;
};

/// A station with its entrance, as the application puts them together, and a clock that a test moves.
struct SignInStation : Station {
    explicit SignInStation(const SignInOptions& options = {})
        : Station(options.slots, options.device, nullptr, "^GX-[0-9]{6}$", options.pairing, options.presence,
                  options.scanner, options.colours, options.start, nullptr, {}, ::enroll::station::WorkOrder{},
                  {::enroll::station::SignIn{options.need, options.lockAfter,
                                             ::enroll::station::PinTries{options.duty->duty.tries, *options.time},
                                             options.duty->duty.locked},
                   options.people, options.acts, options.duty, [now = options.time] { return *now; }}),
          time(options.time), people(options.people), duty(options.duty), acts(options.acts),
          screen(new ui::SignInScreen(*controller, *runScreen, theme,
                                      {QStringLiteral("ST-07"), QStringLiteral("Line 3"), {}})),
          touches(*controller)
    {
        window->addEntrance(screen);
        const auto keep = [this] {
            using enum ui::MainWindow::Entrance;
            window->setEntrance(controller->signIn().asksFirst() ? Closed : Open);
        };
        QObject::connect(controller.get(), &ui::RunController::signInChanged, screen, keep);
        keep();
    }

    /// Time goes by, and what is due by then is done.
    void wait(std::chrono::milliseconds span)
    {
        *time += span;
        controller->passTime();
    }
    /// By a scanner whose keys carry their times: however busy the machine is, it is a scan.
    void scan(const QString& code)
    {
        keyboard.wait(1000);
        keyboard.type(code, Keyboard::scanner(2));
        keyboard.strike(Keyboard::scanner(2), Qt::Key_Return);
        keyboard.wait(1000);
    }
    void scan(::enroll::station::Command command) { scan(QString::fromStdString(commands.textOf(command))); }
    void signIn(const QString& badge)
    {
        scan(badge);
        people->answer();
    }
    /// With fingers.
    void enterPin(const QString& digits)
    {
        keyboard.wait(1000);
        keyboard.type(digits, Keyboard::fingers());
        keyboard.strike(Keyboard::fingers(), Qt::Key_Return);
        people->answer();
        keyboard.wait(1000);
    }
    [[nodiscard]] bool isClosed() const { return window->entrance() == ui::MainWindow::Entrance::Closed; }
    [[nodiscard]] ui::SignInStage stage() const { return screen->steps().stage; }
    [[nodiscard]] std::optional<ErrorCode> code() const
    {
        return screen->steps().remark ? screen->steps().remark->code : std::nullopt;
    }
    [[nodiscard]] std::string who() const { return controller->signIn().operatorId().text(); }
    [[nodiscard]] int left() const { return controller->signIn().tries().left(kBen.id); }

    std::shared_ptr<SignInTime> time;
    std::shared_ptr<People> people;
    std::shared_ptr<KeptDuty> duty;
    std::shared_ptr<KeptActs> acts;
    ui::SignInScreen* screen; ///< the window's
    ui::TouchWatch touches;
    Keyboard keyboard;
};

} // namespace enroll::test
