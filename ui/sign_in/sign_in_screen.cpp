#include "ui/sign_in/sign_in_screen.h"

#include "core/base/scan_code.h"
#include "ui/run/page_tab.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QTime>

#include <algorithm>

namespace enroll::ui {
namespace {

constexpr int kCardPart = 832; // of 1920
constexpr int kStepsPart = 1088;

std::optional<enrollment::OperatorId> askedOf(const station::SignIn& signIn)
{
    return signIn.pinQuestion() ? std::optional{signIn.pinQuestion()->person.id} : std::nullopt;
}

} // namespace

SignInScreen::SignInScreen(RunController& controller, RunScreen& run, const Theme& theme,
                           const StationIdentity& identity, QWidget* parent)
    : Screen(parent), m_controller(controller), m_run(run), m_card(new StationCard(theme, identity, this)),
      m_view(new SignInStepsView(theme, this))
{
    setFocusPolicy(Qt::StrongFocus);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_card, kCardPart);
    row->addWidget(m_view, kStepsPart);
    m_keys.setScanner(controller.scans().settings());
    connect(&m_keys, &CodeKeys::coded, this, &SignInScreen::enter);
    connect(&m_keys, &CodeKeys::cutOff, this,
            [this] { scanned(makeError(ScanCode::ScanCutOff, "nothing came behind a scan", "scan")); });
    connect(&m_view->pad(), &PinPad::digitPressed, this, &SignInScreen::takeDigit);
    connect(&m_view->pad(), &PinPad::erasePressed, this, &SignInScreen::takeBack);
    connect(&m_view->pad(), &PinPad::enterPressed, this, &SignInScreen::enterPin);
    connect(m_view, &SignInStepsView::startAgainPressed, this, &SignInScreen::startAgain);
    connect(m_view, &SignInStepsView::helpPressed, this, &SignInScreen::helpWanted);
    connect(&controller, &RunController::signInChanged, this, &SignInScreen::takeChange);
    connect(&controller, &RunController::signInFailed, this, &SignInScreen::refuse);
    connect(&controller, &RunController::signedIn, this, [this] { say(std::nullopt); });
    connect(&run, &RunScreen::alerted, m_card, &StationCard::alert); // it says how many slots need somebody
    connect(&controller, &RunController::slotChanged, this, [this] {
        if (isVisible()) {
            showState();
        }
        if (m_controller.idle()) {
            Q_EMIT becameIdle();
        }
    });
    m_tick.setSingleShot(true);
    connect(&m_tick, &QTimer::timeout, this, &SignInScreen::tick);
    showState();
}

void SignInScreen::showCondition(const StationCondition& condition)
{
    m_condition = condition;
    showState();
}

void SignInScreen::showQueued(std::optional<int> queued)
{
    m_queued = queued;
    showState();
}

std::vector<ScreenKey> SignInScreen::keys()
{
    return {
        {Qt::Key_Escape, [this] { startAgain(); }, tr("Start again with another badge")},
        {Qt::Key_F10, [this] { signOut(); }, tr("Sign out")},
    };
}

void SignInScreen::refresh()
{
    showState();
}

std::optional<HelpTopic> SignInScreen::helpTopic() const
{
    return m_remark && m_remark->code ? std::optional{HelpTopic{*m_remark->code, m_remark->headline}} : std::nullopt;
}

SlotCounts SignInScreen::slotCounts() const
{
    const auto& board = m_controller.board();
    std::vector<const TileContent*> tiles;
    for (const auto slot : board.slots()) {
        tiles.push_back(&m_run.grid().tile(slot)->content());
    }
    return {static_cast<int>(tiles.size()), static_cast<int>(board.running().size()), noteOf(tiles).waiting};
}

std::optional<std::chrono::milliseconds> SignInScreen::wait() const
{
    const auto until = m_controller.pinWaitsUntil();
    return until ? std::optional{std::chrono::ceil<std::chrono::milliseconds>(*until - m_controller.now())}
                 : std::nullopt;
}

void SignInScreen::showState()
{
    const auto& signIn = m_controller.signIn();
    if (m_remark && m_remark->code == ScanCode::PinLocked && !wait()) { // it is over
        m_remark.reset();
    }
    auto steps = isEnabled() ? signInSteps(signIn, wait()) : closingSteps();
    steps.remark = m_remark;
    steps.typed = signIn.pinQuestion() || m_keys.isScan() ? 0 : static_cast<int>(m_keys.size());
    m_view->show(steps);
    m_view->showDigits(m_digits.size(), m_digits.isLongEnough());
    m_card->show(cardRows(m_condition, slotCounts(), signIn, m_run.caption(), m_queued));
}

void SignInScreen::takeChange()
{
    const auto asked = askedOf(m_controller.signIn());
    if (asked != m_asked) { // another person, or nobody: what was entered is not theirs
        m_asked = asked;
        m_digits.cutTo(0);
        m_before = 0;
        m_remark.reset();
    }
    showState();
    tick();
}

void SignInScreen::tick()
{
    if (!isVisible()) {
        return m_tick.stop();
    }
    m_card->showTime();
    const auto left = wait();
    if (left || steps().stage == SignInStage::Waiting) {
        showState();
    }
    constexpr std::chrono::milliseconds kSecond{1000};
    constexpr std::chrono::milliseconds kMinute{60'000};
    const auto now = std::chrono::milliseconds{QTime::currentTime().msecsSinceStartOfDay()};
    m_tick.start(left ? std::min(*left, kSecond) : kMinute - now % kMinute);
}

void SignInScreen::say(std::optional<SignInRemark> remark)
{
    m_remark = std::move(remark);
    showState();
}

void SignInScreen::refuse(const Error& error)
{
    const auto& question = m_controller.signIn().pinQuestion();
    say(refusalRemark(error, question ? m_controller.signIn().tries().left(question->person.id) : 0));
    if (isVisible()) {
        Q_EMIT refused();
    }
}

void SignInScreen::enter(const std::string& code, const station::EntryWay& way)
{
    if (!isEnabled()) {
        return;
    }
    const auto why = m_controller.signIn().whyNothingElse();
    auto read = m_controller.scans().read(code, way);
    if (!read.ok()) {
        m_controller.scanRefused(); // whatever it is, it may be the label of a device
        return refuse(read.error().code == ScanCode::NotASerialNumber ? why : read.error());
    }
    auto scanned = std::move(read).value();
    if (auto* badge = std::get_if<station::BadgeCode>(&scanned)) {
        const auto characters = std::as_writable_bytes(std::span{badge->text});
        m_remark.reset();
        const auto begun = m_controller.readBadge(SecretBytes::copyOf(characters));
        wipeMemory(characters);
        if (!begun.ok()) {
            refuse(begun.error());
        }
        return;
    }
    const auto* command = std::get_if<station::Command>(&scanned);
    if (command != nullptr && *command == station::Command::SignOut) {
        return signOut();
    }
    if (std::holds_alternative<station::SerialCode>(scanned)) {
        m_controller.scanRefused(); // the device in somebody's hand is not the one that a slot waits for
    }
    refuse(why);
}

void SignInScreen::scanned(const Result<QString>& code)
{
    if (code.ok()) {
        return enter(code->toStdString(), {.pace = station::EntryWay::Pace::Scanner});
    }
    if (isEnabled()) {
        m_controller.scanRefused();
        refuse(code.error());
    }
}

void SignInScreen::typed(QKeyEvent& event)
{
    if (event.key() == Qt::Key_Backspace) {
        return takeBack();
    }
    switch (m_keys.press(event)) {
    case CodeKeys::Key::NotMine:
        return event.ignore();
    case CodeKeys::Key::End:
        if (m_controller.signIn().pinQuestion() && !m_keys.isScan()) {
            m_keys.clear();
            return enterPin();
        }
        return m_keys.take();
    case CodeKeys::Key::Character:
        break;
    }
    const auto text = event.text();
    const bool digit = text.size() == 1 && text.at(0) >= QLatin1Char('0') && text.at(0) <= QLatin1Char('9');
    if (m_keys.isFirst()) {
        m_before = m_digits.size();
        if (m_controller.signIn().pinQuestion()) { // what came before is a PIN's, and no part of a scan
            m_keys.forgetBefore();
        }
    }
    if (m_keys.isScan()) { // its digits are no PIN's
        m_digits.cutTo(m_before);
    } else if (digit && !event.isAutoRepeat()) {
        takeDigit(text.at(0).toLatin1());
    }
    showState();
}

void SignInScreen::takeDigit(char digit)
{
    if (steps().stage == SignInStage::Pin && m_digits.add(digit)) {
        showState();
    }
}

void SignInScreen::takeBack()
{
    if (m_controller.signIn().pinQuestion()) {
        m_digits.cutTo(m_digits.size() - std::min<std::size_t>(1, m_digits.size()));
        m_keys.drop();
    } else {
        m_keys.takeLastBack();
    }
    showState();
}

void SignInScreen::enterPin()
{
    if (steps().stage != SignInStage::Pin || !m_digits.isLongEnough()) {
        return;
    }
    m_remark.reset();
    m_before = 0;
    const auto begun = m_controller.enterPin(m_digits.take());
    if (!begun.ok()) {
        refuse(begun.error());
    }
    showState();
}

void SignInScreen::dropEntered()
{
    m_keys.drop();
    m_digits.cutTo(0);
    m_remark.reset();
}

void SignInScreen::startAgain()
{
    dropEntered();
    m_controller.startAgain();
}

/// It ends the question as well, and only the controller knows whether somebody was asked.
void SignInScreen::signOut()
{
    dropEntered();
    m_controller.signOut();
}

bool SignInScreen::letsClose()
{
    if (!m_controller.idle()) {
        say(closeRemark());
    }
    return m_controller.idle();
}

void SignInScreen::refuseToClose()
{
    say(kioskRemark());
}

void SignInScreen::stopForGood(Closing closing)
{
    m_controller.stopAll(closing == Closing::Asked ? RunController::By::Person : RunController::By::Nobody);
    setEnabled(false);
    m_remark.reset();
    showState();
}

bool SignInScreen::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_keys.isControlOfScan(*static_cast<QKeyEvent*>(event))) {
        event->accept(); // F8 within a code is no command
        return true;
    }
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Tab) {
        typed(*static_cast<QKeyEvent*>(event)); // ends a scan, and goes nowhere: nothing else takes the focus
        return true;
    }
    return Screen::event(event);
}

void SignInScreen::keyReleaseEvent(QKeyEvent* event)
{
    m_keys.release(*event);
    Screen::keyReleaseEvent(event);
}

void SignInScreen::resizeEvent(QResizeEvent* event)
{
    Screen::resizeEvent(event);
    const auto scale = ScreenScale::ofWindow(size());
    m_card->setScale(scale);
    m_view->setScale(scale);
}

void SignInScreen::showEvent(QShowEvent* event)
{
    Screen::showEvent(event);
    if (!event->spontaneous()) {
        m_keys.clear();
        m_keys.goOnBehind(m_run.scanBar().unfinished()); // of a label that is scanned just now
        m_before = 0;
        m_remark.reset(); // of what another screen said
        showState();
    }
    tick();
}

void SignInScreen::hideEvent(QHideEvent* event)
{
    Screen::hideEvent(event);
    if (!event->spontaneous()) {
        m_run.scanBar().goOnBehind(m_keys.unfinished()); // as above, behind a badge
        m_keys.clear();
    }
}

} // namespace enroll::ui
