#include "ui/ruler/ruler_screen.h"

#include "core/base/scan_code.h"
#include "ui/model/catalog_text.h"
#include "ui/ruler/ruler_painting.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace enroll::ui {
namespace {

constexpr std::array kWays{RulerWay::Length, RulerWay::Ruler, RulerWay::BankCard};
constexpr double kShortestBar = 40; // pixels
constexpr double kMark = 4;         // below the way that is chosen
constexpr double kButton = 88;
constexpr double kLengthBox = 240;
constexpr double kGap = 16;
constexpr int kPage = 10; // dots

} // namespace

RulerScreen::RulerScreen(RunController& controller, RunScreen& run, const Theme& theme, QWidget* parent)
    : Screen(parent), m_controller(controller), m_run(run), m_theme(theme),
      m_shorter(new FlatButton(theme, FlatButton::Look::Plain, this)),
      m_longer(new FlatButton(theme, FlatButton::Look::Plain, this)),
      m_keep(new FlatButton(theme, FlatButton::Look::Main, this)),
      m_back(new FlatButton(theme, FlatButton::Look::Plain, this))
{
    setFocusPolicy(Qt::StrongFocus);
    for (std::size_t i = 0; i < kWays.size(); ++i) {
        m_ways.at(i) = new FlatButton(theme, FlatButton::Look::Plain, this);
        m_ways.at(i)->setText(wayText(kWays.at(i)));
        connect(m_ways.at(i), &FlatButton::clicked, this, [this, i] { choose(kWays.at(i)); });
    }
    m_shorter->setText(QStringLiteral("-"));
    m_shorter->setAccessibleName(tr("Shorter"));
    m_longer->setText(QStringLiteral("+"));
    m_longer->setAccessibleName(tr("Longer"));
    m_keep->setText(tr("Keep"));
    m_back->setText(tr("Back"));
    for (auto* button : {m_shorter, m_longer}) {
        button->setAutoRepeat(true);
    }
    connect(m_shorter, &FlatButton::clicked, this, [this] { lengthen(-1); });
    connect(m_longer, &FlatButton::clicked, this, [this] { lengthen(1); });
    connect(m_keep, &FlatButton::clicked, this, &RulerScreen::keep);
    connect(m_back, &FlatButton::clicked, this, &RulerScreen::left);
    m_keys.setScanner(controller.scans().settings());
    connect(&m_keys, &CodeKeys::coded, this, &RulerScreen::takeCode);
    connect(&m_keys, &CodeKeys::cutOff, this,
            [this] { scanned(makeError(ScanCode::ScanCutOff, "nothing came behind a scan", "scan")); });
    connect(&controller, &RunController::signInChanged, this, &RulerScreen::refresh);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RulerScreen::showSubject(const RulerSubject& subject)
{
    const bool isOther =
        !station::isSameScreen(subject.screen, m_state.subject.screen) || subject.pixels != m_state.subject.pixels;
    m_state.subject = subject;
    if (isOther) {
        beginDraft(m_state.draft.way);
        say(RulerNews::None);
    }
    refresh();
}

void RulerScreen::showNotSaved(const Error& error)
{
    say(RulerNews::NotSaved, error);
}

/// As long as is exact, or as it should be by what is believed of the screen so far.
void RulerScreen::beginDraft(RulerWay way)
{
    m_state.draft = {way, 0, {}};
    const auto& subject = m_state.subject;
    const auto exact = barLength(m_state.draft);
    constexpr double kPart = 0.8;
    constexpr double kMillimetresPerInch = 25.4;
    const auto wanted = exact ? *exact * viewingWith({}, subject).dotsPerInch / kMillimetresPerInch : longest() * kPart;
    m_state.draft.bar = std::clamp(std::round(wanted), kShortestBar, std::max(kShortestBar, longest()));
}

void RulerScreen::choose(RulerWay way)
{
    beginDraft(way);
    say(RulerNews::None);
    refresh();
}

void RulerScreen::lengthen(int dots)
{
    const auto& subject = m_state.subject;
    const auto dot = subject.screen.widthPixels > 0 ? subject.pixels / subject.screen.widthPixels : 1;
    auto& bar = m_state.draft.bar;
    bar = std::clamp(bar + dots * dot, kShortestBar, std::max(kShortestBar, longest()));
    say(RulerNews::None);
}

void RulerScreen::keep()
{
    if (m_state.subject.configured) {
        return say(RulerNews::Fixed);
    }
    const auto wide = pictureWidth(m_state.draft, m_state.subject);
    if (!wide) {
        return say(RulerNews::NoLength);
    }
    const auto judged = judgeScreenWidth(m_state.subject.screen.widthPixels, *wide);
    if (judged != ScreenWidth::Plausible) {
        return say(judged == ScreenWidth::TooNarrow ? RulerNews::TooNarrow : RulerNews::TooWide);
    }
    const station::MeasuredScreen kept{m_state.subject.screen, *wide};
    if (const auto may = m_controller.takeMeasure(kept); !may.ok()) {
        return say(RulerNews::NotAllowed, may.error());
    }
    m_state.subject.measured = wide;
    say(RulerNews::Kept);
    Q_EMIT measured(kept);
}

void RulerScreen::say(RulerNews news, std::optional<Error> error)
{
    const bool isNew = news != RulerNews::None;
    m_state.news = news;
    m_state.error = std::move(error);
    showState();
    if (isNew && isVisible()) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

/// Who may not keep anything hears of it before measuring.
void RulerScreen::refresh()
{
    const auto may = m_controller.mayMeasure();
    if (!may.ok() && m_state.news != RulerNews::NotAllowed) {
        return say(RulerNews::NotAllowed, may.error());
    }
    if (may.ok() && m_state.news == RulerNews::NotAllowed) {
        return say(RulerNews::None);
    }
    showState();
}

void RulerScreen::showState()
{
    const auto content = rulerContent(m_state);
    QStringList parts;
    for (const auto& part : {content.title, content.subject, content.known, content.instruction, content.length,
                             content.result, content.remark}) {
        if (!part.isEmpty()) {
            parts << part;
        }
    }
    setAccessibleName(parts.join(QLatin1Char(' ')));
    for (std::size_t i = 0; i < kWays.size(); ++i) {
        const auto name = wayText(kWays.at(i));
        m_ways.at(i)->setAccessibleName(
            kWays.at(i) == m_state.draft.way ? tr("%1, chosen", "a way to measure").arg(name) : name);
    }
    m_keep->setAccessibleName(m_keep->text());
    m_back->setAccessibleName(m_back->text());
    update();
}

std::vector<ScreenKey> RulerScreen::keys()
{
    return {
        {{Qt::Key_Left, Qt::Key_Right}, {}, tr("A ruler, 100 mm of it, or a bank card")},
        {{Qt::Key_Plus, Qt::Key_Minus}, {}, tr("Longer, shorter by one dot")},
        {{Qt::Key_PageUp, Qt::Key_PageDown}, {}, tr("Longer, shorter by ten dots")},
        {Qt::Key_Return, {}, tr("Keep it for this screen")},
        {Qt::Key_Escape, {}, tr("Back")},
    };
}

std::optional<HelpTopic> RulerScreen::helpTopic() const
{
    return m_state.error ? std::optional{HelpTopic{m_state.error->code, headlineText(*m_state.error)}} : std::nullopt;
}

bool RulerScreen::command(const QKeyEvent& event)
{
    const auto way = std::ranges::find(kWays, m_state.draft.way) - kWays.begin();
    const auto ways = static_cast<std::ptrdiff_t>(kWays.size());
    const auto wayAt = [&](std::ptrdiff_t number) { return kWays.at(static_cast<std::size_t>(number % ways)); };
    switch (event.key()) {
    case Qt::Key_Left:
        choose(wayAt(way + ways - 1));
        return true;
    case Qt::Key_Right:
        choose(wayAt(way + 1));
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
        lengthen(event.key() == Qt::Key_Up ? 1 : -1);
        return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        lengthen(event.key() == Qt::Key_PageUp ? kPage : -kPage);
        return true;
    case Qt::Key_Backspace:
        m_state.draft.typed.chop(1);
        m_keys.drop();
        say(RulerNews::None);
        return true;
    default:
        return false;
    }
}

/// A person types digits, "+" and "-"; a scanner may type the same. Of its characters nothing stays on this page.
void RulerScreen::typed(QKeyEvent& event)
{
    if (command(event)) {
        return;
    }
    switch (m_keys.press(event)) {
    case CodeKeys::Key::NotMine:
        return event.ignore();
    case CodeKeys::Key::End:
        if (!m_keys.isScan()) {
            m_keys.clear();
            return keep();
        }
        return m_keys.take();
    case CodeKeys::Key::Character:
        break;
    }
    if (m_keys.isFirst()) {
        m_before = m_state.draft;
        m_keys.forgetBefore(); // what a person typed before is no part of a scan
    }
    if (m_keys.isScan()) {
        m_state.draft = m_before;
        return showState();
    }
    for (const auto character : event.text()) {
        takeCharacter(character);
    }
}

void RulerScreen::takeCharacter(QChar character)
{
    if (character == QLatin1Char('+') || character == QLatin1Char('-')) {
        return lengthen(character == QLatin1Char('+') ? 1 : -1);
    }
    if (m_state.draft.way == RulerWay::Length && addTo(m_state.draft.typed, character)) {
        say(RulerNews::None);
    }
}

void RulerScreen::takeCode(const std::string& code, const station::EntryWay& way)
{
    const auto read = m_controller.scans().read(code, way);
    Q_EMIT scannedHere(read.ok() ? Result<QString>{QString::fromStdString(code)} : Result<QString>{read.error()});
}

bool RulerScreen::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_keys.isControlOfScan(*static_cast<QKeyEvent*>(event))) {
        event->accept(); // F12 within a code is no command
        return true;
    }
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Tab) {
        typed(*static_cast<QKeyEvent*>(event)); // ends a scan, and goes nowhere: nothing else takes the focus
        return true;
    }
    return Screen::event(event);
}

void RulerScreen::keyReleaseEvent(QKeyEvent* event)
{
    m_keys.release(*event);
    Screen::keyReleaseEvent(event);
}

void RulerScreen::showEvent(QShowEvent* event)
{
    Screen::showEvent(event);
    if (!event->spontaneous()) {
        m_keys.clear();
        m_keys.goOnBehind(m_run.scanBar().unfinished()); // of a label that is scanned just now
        choose(RulerWay::Length);
    }
}

void RulerScreen::hideEvent(QHideEvent* event)
{
    Screen::hideEvent(event);
    if (!event->spontaneous()) {
        m_run.scanBar().goOnBehind(m_keys.unfinished()); // as above
        m_keys.clear();
    }
}

RulerPlaces RulerScreen::places() const
{
    return {size(), m_scale};
}

double RulerScreen::longest() const
{
    return std::floor(places().bar.width());
}

QRectF RulerScreen::lengthBox() const
{
    const auto row = places().entry;
    return {row.left() + m_scale.px(kButton + kGap), row.top(), m_scale.px(kLengthBox), row.height()};
}

void RulerScreen::arrange()
{
    const auto all = places();
    auto x = all.ways.left();
    for (auto* way : m_ways) {
        way->setScale(m_scale, 22, QFont::DemiBold);
        const QRectF room(x, all.ways.top(), way->widthForText(), all.ways.height() - m_scale.px(kMark + 4));
        way->setGeometry(room.toAlignedRect());
        x = room.right() + m_scale.px(kGap);
    }
    for (auto* button : {m_shorter, m_longer}) {
        button->setScale(m_scale, 36, QFont::DemiBold);
    }
    for (auto* button : {m_keep, m_back}) {
        button->setScale(m_scale, 24, QFont::DemiBold);
    }
    const auto box = lengthBox();
    const auto button = m_scale.px(kButton);
    m_shorter->setGeometry(QRectF(all.entry.left(), box.top(), button, box.height()).toAlignedRect());
    m_longer->setGeometry(QRectF(box.right() + m_scale.px(kGap), box.top(), button, box.height()).toAlignedRect());
    x = box.right() + m_scale.px(kGap * 4 + kButton);
    for (auto* one : {m_keep, m_back}) {
        const auto wide = std::max<double>(m_scale.px(176), one->widthForText());
        one->setGeometry(QRectF(x, box.top(), wide, box.height()).toAlignedRect());
        x += wide + m_scale.px(kGap);
    }
    update();
}

void RulerScreen::resizeEvent(QResizeEvent* event)
{
    Screen::resizeEvent(event);
    m_scale = ScreenScale::ofWindow(size());
    arrange();
    beginDraft(m_state.draft.way); // there may be no room for the bar of before, or for a longer one
    showState();
}

void RulerScreen::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.window);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto all = places();
    RulerPainting(painter, all, m_scale, tokens).paint(rulerContent(m_state), m_state.draft, lengthBox());
    const auto chosen =
        m_ways.at(static_cast<std::size_t>(std::ranges::find(kWays, m_state.draft.way) - kWays.begin()));
    const QRectF below(chosen->x(), chosen->geometry().bottom() + m_scale.px(4), chosen->width(), m_scale.px(kMark));
    painter.fillRect(below, tokens.ink);
}

} // namespace enroll::ui
