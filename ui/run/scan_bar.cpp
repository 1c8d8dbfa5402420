#include "ui/run/scan_bar.h"

#include "ui/widgets/fitted_text.h"
#include "ui/widgets/symbols.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace enroll::ui {
namespace {

constexpr double kHeight = 120;
constexpr double kMargin = 24;
constexpr double kEntryWidth = 432;
constexpr double kEntryHeight = 80;
constexpr double kTextLeft = 80; // barcode symbol and its gaps
// Far above any serial number: what is too long is refused as a whole, never shortened to another serial.
constexpr int kLongestEntry = 4096;
constexpr std::chrono::milliseconds kSecondLook{20};

bool insertsText(const QKeyEvent& key)
{
    const auto text = key.text();
    return key.matches(QKeySequence::Paste) || (!text.isEmpty() && text.at(0).isPrint());
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
    m_entry->installEventFilter(this);
    connect(m_entry, &QLineEdit::returnPressed, this, &ScanBar::take);
    connect(m_entry, &QLineEdit::textEdited, this, [this] { m_content = Content::Open; });
    connect(&theme, &Theme::changed, this, &ScanBar::applyTheme);
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &ScanBar::takeAfterSilence);
    applyTheme();
    setScale({});
}

void ScanBar::show(const ScanMessage& message)
{
    if (std::exchange(m_unanswered, false) && message.news == ScanNews::Refused) {
        Q_EMIT refused(); // the same one a second time, too
    }
    if (message == m_message) {
        return;
    }
    m_message = message;
    setAccessibleName(tr("%1 %2", "read aloud: two sentences").arg(message.headline, message.next));
    update();
}

void ScanBar::noteTyped(int count)
{
    m_burst.take(std::chrono::steady_clock::now(), count);
    if (m_scanner.end == enrollment::ScanEnd::Silence) {
        m_silenceSeen = false;
        m_silence.start(station::ScanBurst::kLongestGap);
    }
}

void ScanBar::takeAfterSilence()
{
    // After a stall the timer may be asked before keys that came meanwhile: they are let in first.
    if (!std::exchange(m_silenceSeen, true)) {
        m_silence.start(kSecondLook);
        return;
    }
    if (m_content == Content::Open && m_burst.isScan(m_scanner.minLength)) {
        take();
    }
}

void ScanBar::take()
{
    m_silence.stop();
    const auto text = m_entry->text();
    m_entry->selectAll();
    if (m_content == Content::Taken || text.trimmed().isEmpty()) { // some scanners send two line ends
        return;
    }
    m_content = Content::Taken;
    m_unanswered = true;
    Q_EMIT serialEntered(text);
}

void ScanBar::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    setFixedHeight(m_scale.whole(kHeight));
    m_counters->setScale(scale);
    arrange();
    update();
}

void ScanBar::focusEntry(const QString& firstCharacters)
{
    m_entry->setFocus(Qt::ShortcutFocusReason);
    m_entry->selectAll();
    m_burst.forget();
    if (!firstCharacters.isEmpty()) {
        m_entry->insert(firstCharacters);
        noteTyped(static_cast<int>(firstCharacters.size()));
    }
}

void ScanBar::clearEntry()
{
    m_entry->clear();
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

void ScanBar::arrange()
{
    const auto frame = entryFrame();
    m_entry->setFont(m_scale.font(36, QFont::Bold));
    const auto left = frame.left() + m_scale.whole(kTextLeft);
    const auto top = frame.top() + m_scale.whole(30);
    m_entry->setGeometry(left - 2, top, frame.right() - left - m_scale.whole(12), frame.bottom() - top - 3);
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
    if (watched != m_entry || event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const auto& key = *static_cast<QKeyEvent*>(event);
    if (endsScan(key)) {
        return true;
    }
    if (insertsText(key)) {
        noteTyped();
        if (m_content == Content::Taken) { // the next scan replaces it, even if somebody has put the caret into it
            m_entry->selectAll();
        }
    }
    return QWidget::eventFilter(watched, event);
}

bool ScanBar::endsScan(const QKeyEvent& key)
{
    // Many scanners are set to Tab as they come, some send the line feed as Ctrl+J. By hand, Tab goes to the next control.
    const bool lineFeed = key.key() == Qt::Key_J && key.modifiers() == Qt::ControlModifier;
    const bool tab = key.key() == Qt::Key_Tab && key.modifiers() == Qt::NoModifier &&
                     m_burst.goesOnAt(std::chrono::steady_clock::now());
    if (lineFeed || tab) {
        take();
    }
    return lineFeed || tab;
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

    const auto left = frame.right() + m_scale.px(24);
    const auto room = std::max(0.0, m_counters->x() - m_scale.px(16) - left);
    const auto headline = m_scale.font(32, QFont::DemiBold);
    const QRectF first(left, height() / 2.0 - m_scale.px(34), room, m_scale.px(40));
    paintLine(painter, first, m_message.headline, fitLine(headline, m_message.headline, room, m_scale.whole(22)),
              tokens.ink, Qt::AlignLeft | Qt::AlignVCenter, Qt::ElideMiddle);
    const QRectF second(left, first.bottom(), room, m_scale.px(28));
    const auto next = m_scale.font(20);
    paintLine(painter, second, m_message.next, fitLine(next, m_message.next, room, 13), tokens.ink2);
}

} // namespace enroll::ui
