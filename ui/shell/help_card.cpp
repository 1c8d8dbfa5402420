#include "ui/shell/help_card.h"

#include "ui/model/catalog_text.h"
#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kTitle = 22;
constexpr double kText = 20;
constexpr double kSmall = 18;
constexpr double kRow = 27;
constexpr double kKeyColumn = 112;
constexpr double kKeyGap = 20;
constexpr double kGap = 12;
constexpr double kCorner = 8;
constexpr double kFrame = 3;

/// Of whom a code speaks, by its letter.
QString familyText(CodeFamily family)
{
    switch (family) {
    case CodeFamily::Device:
        return HelpCard::tr("D codes speak of the device and its TPM.");
    case CodeFamily::Hold:
        return HelpCard::tr("H codes come from the comparison with devices that are enrolled already.");
    case CodeFamily::Scan:
        return HelpCard::tr("B codes speak of what was scanned or typed.");
    case CodeFamily::Station:
        return HelpCard::tr("S codes speak of this station, not of the device.");
    case CodeFamily::Cloud:
        return HelpCard::tr("U codes speak of the destination of the records, not of the device.");
    case CodeFamily::Service:
        break;
    }
    return HelpCard::tr("P codes speak of the provisioning service, not of the device.");
}

QString instructionOf(const HelpTopic& topic)
{
    return topic.outcome ? instructionText(topic.code, *topic.outcome) : instructionText(topic.code);
}

} // namespace

HelpCard::HelpCard(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("helpCard"));
    hide();
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void HelpCard::show(const HelpContent& content)
{
    if (content == m_content) {
        return;
    }
    m_content = content;
    QStringList lines;
    if (content.topic) {
        const auto& topic = *content.topic;
        lines << codeText(topic.code) << topic.headline << instructionOf(topic) << familyText(topic.code.family());
    }
    for (const auto& key : content.keys) {
        lines << tr("%1: %2", "read aloud: a key, and what it does")
                     .arg(key.keys.toString(QKeySequence::NativeText), key.title);
    }
    setAccessibleName(content.topic ? tr("Help for %1").arg(codeText(content.topic->code)) : tr("List of keys"));
    setAccessibleDescription(lines.join(QLatin1String(" ")));
    resize(sizeHint());
    update();
}

void HelpCard::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    resize(sizeHint());
    update();
}

QSize HelpCard::sizeHint() const
{
    return {m_scale.whole(kWidth), static_cast<int>(std::ceil(paintAll(nullptr)))};
}

void HelpCard::mouseReleaseEvent(QMouseEvent* event)
{
    event->accept();
    hide();
}

void HelpCard::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.ink, kFrame));
    painter.setBrush(tokens.surface);
    const auto half = kFrame / 2;
    painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), kCorner, kCorner);
    paintAll(&painter);
}

double HelpCard::paintAll(QPainter* painter) const
{
    auto y = m_scale.px(kMargin);
    if (m_content.topic) {
        y = paintTopic(painter, y);
    }
    if (!m_content.keys.empty()) {
        y = paintKeys(painter, y) + m_scale.px(kGap);
    }
    // What F1 does while the keys are listed depends on the screen: it may explain a code.
    const auto end =
        m_content.keys.empty() ? tr("F1 closes this help. Ctrl+? lists the keys.") : tr("Esc closes this list.");
    y += block(painter, y, end, m_scale.font(kSmall), m_theme.tokens().ink3);
    return y + m_scale.px(kMargin);
}

double HelpCard::paintTopic(QPainter* painter, double top) const
{
    const auto& tokens = m_theme.tokens();
    const auto code = m_content.topic->code;
    auto y = top;
    y += block(painter, y, codeText(code), m_scale.font(kTitle, QFont::Bold), tokens.ink) + m_scale.px(4);
    y += block(painter, y, m_content.topic->headline, m_scale.font(kText), tokens.ink) + m_scale.px(4);
    y += block(painter, y, instructionOf(*m_content.topic), m_scale.font(kText, QFont::DemiBold), tokens.ink) +
         m_scale.px(4);
    y += block(painter, y, familyText(code.family()), m_scale.font(kSmall), tokens.ink2) + m_scale.px(kGap);
    if (painter != nullptr) {
        painter->fillRect(QRectF(kFrame, y, width() - 2 * kFrame, 1), tokens.line);
    }
    return y + m_scale.px(kGap);
}

double HelpCard::paintKeys(QPainter* painter, double top) const
{
    const auto& tokens = m_theme.tokens();
    const auto strong = m_scale.font(kText, QFont::DemiBold);
    const auto plain = m_scale.font(kText);
    auto y = top;
    y += block(painter, y, tr("Keys"), m_scale.font(kTitle, QFont::Bold), tokens.ink) + m_scale.px(4);
    const auto row = std::max(m_scale.px(kRow), QFontMetricsF(plain).height());
    auto column = m_scale.px(kKeyColumn);
    for (const auto& key : m_content.keys) {
        const auto keys = key.keys.toString(QKeySequence::NativeText);
        column = std::max(column, QFontMetricsF(strong).horizontalAdvance(keys) + m_scale.px(kKeyGap));
    }
    for (const auto& key : m_content.keys) {
        if (painter != nullptr) {
            const auto keys = key.keys.toString(QKeySequence::NativeText);
            paintLine(*painter, {left(), y, column, row}, keys, strong, tokens.ink);
            const auto room = this->room() - column;
            paintLine(*painter, {left() + column, y, room, row}, key.title, fitLine(plain, key.title, room, 13),
                      tokens.ink);
        }
        y += row;
    }
    return y;
}

double HelpCard::block(QPainter* painter, double top, const QString& words, const QFont& font,
                       const QColor& colour) const
{
    const auto text = lastWordsTogether(words);
    const auto height = blockHeight(font, text, room());
    if (painter != nullptr) {
        paintBlock(*painter, {left(), top, room(), height}, text, font, colour);
    }
    return height;
}

} // namespace enroll::ui
