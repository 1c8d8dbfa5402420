#include "ui/run/scan_bar.h"

#include "core/station/scan_text.h"
#include "ui/run/scan_key.h"
#include "ui/widgets/fitted_text.h"
#include "ui/widgets/symbols.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

using namespace scan_key;

constexpr double kHeight = 120;
constexpr double kMargin = 24;
constexpr double kEntryWidth = 432;
constexpr double kEntryHeight = 80;
constexpr double kLeastMessage = 520;
constexpr double kTextLeft = 80; // barcode symbol and its gaps
constexpr double kSmallestEntry = 18;
constexpr int kEntryInset = 2; // of the text within the entry, QLineEdit's own
// Far above any serial number: what is too long is refused as a whole, never shortened to another serial.
constexpr int kLongestEntry = 4096;

// What stands for a control character within a code: it keeps the fields apart, and shows as a blank.
constexpr QLatin1Char kSeparator{station::kGroupSeparator};

bool insertsText(const QKeyEvent& key)
{
    const auto text = key.text();
    return key.matches(QKeySequence::Paste) || (!text.isEmpty() && text.at(0).isPrint());
}

bool takesAway(const QKeyEvent& key)
{
    return key.key() == Qt::Key_Backspace || key.key() == Qt::Key_Delete;
}

} // namespace

ScanBar::ScanBar(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_entry(new QLineEdit(this)), m_counters(new ShiftCounters(theme, this))
{
    setObjectName(QStringLiteral("scanBar"));
    m_entry->setObjectName(QStringLiteral("serialEntry"));
    m_entry->setAccessibleName(tr("Serial number"));
    m_entry->setFrame(false);
    m_entry->setMaxLength(kLongestEntry);
    m_entry->setTextMargins(0, 0, 0, 0);
    connect(m_entry, &QLineEdit::textChanged, this, &ScanBar::fitEntry);
    m_entry->installEventFilter(this);
    connect(m_entry, &QLineEdit::returnPressed, this, &ScanBar::take);
    connect(m_entry, &QLineEdit::textEdited, this, [this] { m_content = Content::Open; });
    connect(&theme, &Theme::changed, this, &ScanBar::applyTheme);
    connect(&m_watch, &ScanWatch::silent, this, &ScanBar::takeAfterSilence);
    applyTheme();
    setScale({});
}

void ScanBar::show(const ScanMessage& message)
{
    if (message == m_message) {
        return;
    }
    m_message = message;
    setAccessibleName(tr("%1 %2", "read aloud: two sentences").arg(message.headline, message.next));
    update();
}

void ScanBar::noteInsertion(const QKeyEvent& key)
{
    if (m_watch.wasWholeBefore(key)) {
        take();
    }
    if (m_content == Content::Taken) { // the next scan replaces it, even if somebody has put the caret into it
        m_entry->selectAll();
    }
    m_watch.press(key);
    const auto at = m_entry->hasSelectedText() ? m_entry->selectionStart() : m_entry->cursorPosition();
    m_torn = !m_watch.isFirst() && (m_torn || at != m_end);
    m_end = at + charactersOf(key);
}

station::EntryWay ScanBar::way() const
{
    using Pace = station::EntryWay::Pace;
    auto how = m_watch.way(m_entry->text().size());
    if ((m_torn || m_restMayCome) && how.pace == Pace::Scanner) {
        how.pace = Pace::Mixed;
    }
    return how;
}

void ScanBar::takeAfterSilence()
{
    if (m_content == Content::Open) {
        takeUnfinished();
    }
    Q_EMIT settled();
}

void ScanBar::takeUnfinished()
{
    switch (m_watch.rest()) {
    case ScanWatch::Rest::Nothing:
        return;
    case ScanWatch::Rest::Whole:
        return take();
    case ScanWatch::Rest::CutOff:
        m_watch.noteCutOff();
        Q_EMIT cutOff();
    }
}

void ScanBar::take()
{
    m_watch.stopWaiting();
    const auto text = m_entry->text();
    m_entry->setText(text); // the entry would keep every key of every scan, for undo, as long as the program runs
    m_entry->selectAll();
    const auto how = way();
    const bool isPart = how.pace == station::EntryWay::Pace::Mixed;             // the rest went elsewhere
    if (m_content == Content::Taken || (text.trimmed().isEmpty() && !isPart)) { // some scanners send two line ends
        return;
    }
    m_content = Content::Taken;
    m_restMayCome = false;
    m_watch.endBurst();
    Q_EMIT serialEntered(text, how);
}

bool ScanBar::refuses() const
{
    switch (m_message.news) {
    case ScanNews::Refused:
    case ScanNews::NoSuchSlot:
    case ScanNews::NothingReady:
    case ScanNews::NothingToStop:
    case ScanNews::TooLateToStop:
    case ScanNews::NoResultThere:
        return true;
    default:
        return false;
    }
}

void ScanBar::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    setFixedHeight(m_scale.whole(kHeight));
    m_counters->setScale(scale);
    arrange();
    update();
}

void ScanBar::focusEntry()
{
    m_entry->setFocus(Qt::ShortcutFocusReason);
    m_entry->selectAll();
}

void ScanBar::goOnWith(const QString& firstCharacters)
{
    focusEntry();
    m_entry->insert(firstCharacters);
    m_torn = false;
    m_end = firstCharacters.size();
}

void ScanBar::goOnBehind(const station::ScanBurst& head)
{
    m_watch.goOnBehind(head);
    if (head.count() > 0) {
        clearEntry(); // what goes on is no part of what stands there
        m_content = Content::Open;
    }
}

void ScanBar::giveUp()
{
    if (m_watch.waits()) {
        m_watch.stopWaiting();
        clearEntry();
    }
}

void ScanBar::clearEntry()
{
    m_entry->setText({}); // clear() would leave it to be undone
}

void ScanBar::clearPart()
{
    clearEntry();
    m_restMayCome = true;
}

void ScanBar::applyTheme()
{
    const auto& tokens = m_theme.tokens();
    auto palette = paletteOf(tokens);
    palette.setColor(QPalette::Base, tokens.surface);
    // The last serial stays selected, to be typed over; loud colours would say that it needs somebody.
    palette.setColor(QPalette::Highlight, tokens.selection);
    palette.setColor(QPalette::HighlightedText, tokens.ink);
    m_entry->setPalette(palette);
    update();
}

QRect ScanBar::entryFrame() const
{
    const auto height = m_scale.whole(kEntryHeight);
    return {m_scale.whole(kMargin), (this->height() - height) / 2, m_scale.whole(kEntryWidth), height};
}

/// A code that is longer than the entry at its smallest shows its end, where codes differ.
void ScanBar::fitEntry()
{
    const auto room = m_entry->width() - 2 * kEntryInset;
    m_entry->setFont(fitLine(m_scale.font(36, QFont::Bold), m_entry->text(), room, m_scale.whole(kSmallestEntry)));
    m_cut = QFontMetricsF(m_entry->font()).horizontalAdvance(m_entry->text()) > room;
    update();
}

void ScanBar::arrange()
{
    const auto frame = entryFrame();
    const auto left = frame.left() + m_scale.whole(kTextLeft);
    const auto top = frame.top() + m_scale.whole(30);
    m_entry->setGeometry(left - kEntryInset, top, frame.right() - left - m_scale.whole(12), frame.bottom() - top - 3);
    fitEntry();
    // The counters give way to what the scan did.
    m_counters->fitInto(width() - frame.right() - m_scale.px(kLeastMessage + 2 * kMargin));
    const auto wanted = m_counters->sizeHint().width();
    m_counters->setGeometry(width() - wanted, 0, wanted, height());
}

void ScanBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool ScanBar::event(QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest) { // the counters got wider or narrower
        arrange();
        update();
    }
    return QWidget::event(event);
}

bool ScanBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_entry && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)) {
        update();
    }
    if (watched != m_entry) {
        return QWidget::eventFilter(watched, event);
    }
    if (event->type() == QEvent::KeyPress) {
        return keyPressed(*static_cast<QKeyEvent*>(event));
    }
    if (event->type() == QEvent::KeyRelease) {
        noteRelease(*static_cast<QKeyEvent*>(event));
    }
    if (event->type() == QEvent::ShortcutOverride && isControlOfScan(*static_cast<QKeyEvent*>(event))) {
        event->accept(); // F8 within a code is no command
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool ScanBar::keyPressed(const QKeyEvent& key)
{
    m_watch.noteEnd(key);
    if (m_watch.endsScan(key)) { // Return does it through the entry
        take();
        return true;
    }
    if (isControlOfScan(key)) {
        noteInsertion(key);
        m_entry->insert(QString(kSeparator));
        return true;
    }
    if (insertsText(key)) {
        noteInsertion(key);
    } else if (takesAway(key) && !m_watch.goesOnAt(key)) { // from here on a person enters the code
        m_watch.endBurst();
    }
    return false;
}

bool ScanBar::isControlOfScan(const QKeyEvent& key) const
{
    return m_content == Content::Open && m_watch.isControlOfScan(key);
}

void ScanBar::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.surface);
    painter.fillRect(QRect(0, 0, width(), 1), tokens.line);
    painter.setRenderHint(QPainter::Antialiasing);

    const QRectF frame(entryFrame());
    const auto listening = m_entry->hasFocus();
    painter.setPen(QPen(listening ? tokens.ink : tokens.control, listening ? 3 : 1));
    painter.drawRoundedRect(frame.adjusted(1.5, 1.5, -1.5, -1.5), 8, 8);
    const auto side = m_scale.px(44);
    paintBarcode(painter, {frame.left() + m_scale.px(20), frame.center().y() - side / 2, side, side}, tokens.ink);
    paintLine(painter,
              {frame.left() + m_scale.px(kTextLeft), frame.top() + m_scale.px(9), m_scale.px(300), m_scale.px(22)},
              tr("Serial number"), m_scale.font(18), tokens.ink2);

    if (m_cut) {
        paintLine(painter,
                  {m_entry->x() - m_scale.px(14), double(m_entry->y()), m_scale.px(14), double(m_entry->height())},
                  QStringLiteral("\u2026"), m_scale.font(kSmallestEntry, QFont::Bold), tokens.ink,
                  Qt::AlignRight | Qt::AlignVCenter);
    }

    paintMessage(painter);
}

QRectF ScanBar::messageRoom() const
{
    const auto left = entryFrame().right() + m_scale.px(kMargin);
    const auto right =
        m_counters->sizeHint().isEmpty() ? width() - m_scale.px(kMargin) : m_counters->x() - m_scale.px(16);
    const auto clear = m_scale.px(10);
    return {left, clear, std::max(0.0, right - left), height() - 2 * clear};
}

/// What to do is never cut: its second line takes room from the headline, which is cut in its middle.
MessageBoxes ScanBar::messageBoxes() const
{
    const auto room = messageRoom();
    MessageBoxes boxes;
    const auto whole = fitLine(m_scale.font(32, QFont::DemiBold), m_message.headline, room.width(),
                               std::max(kSmallestText, m_scale.whole(22)));
    const auto line = m_scale.font(20);
    const auto oneLine = fitLine(line, m_message.next, room.width(), std::max(kSmallestText, m_scale.whole(17)));
    const auto fits = QFontMetricsF(oneLine).horizontalAdvance(m_message.next) <= room.width();
    boxes.headline = whole;
    auto top = QFontMetricsF(m_scale.font(32, QFont::DemiBold)).height();
    if (!fits) {
        boxes.headline.setPixelSize(std::min(whole.pixelSize(), m_scale.whole(26)));
        boxes.headline.setPixelSize(std::max(kSmallestText, boxes.headline.pixelSize()));
        top = QFontMetricsF(boxes.headline).height();
    }
    boxes.next = fits ? oneLine : fitBlock(line, m_message.next, {room.width(), room.height() - top}, kSmallestText);
    const auto below = fits ? QFontMetricsF(oneLine).height() : blockHeight(boxes.next, m_message.next, room.width());
    const auto used = std::min(room.height(), top + below);
    const auto first = room.top() + (room.height() - used) / 2;
    boxes.first = {room.left(), first, room.width(), top};
    boxes.second = {room.left(), first + top, room.width(), std::max(below, used - top)};
    return boxes;
}

void ScanBar::paintMessage(QPainter& painter)
{
    const auto& tokens = m_theme.tokens();
    const auto boxes = messageBoxes();
    paintLine(painter, boxes.first, m_message.headline, boxes.headline, tokens.ink, Qt::AlignLeft | Qt::AlignVCenter,
              Qt::ElideMiddle);
    paintBlock(painter, boxes.second, m_message.next, boxes.next, tokens.ink2);
}

} // namespace enroll::ui
