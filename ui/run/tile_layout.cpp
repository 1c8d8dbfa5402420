#include "ui/run/tile_layout.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

// clang-format off
const TileDesign kTwo{
    .tile = {928, 856}, .top = 96, .band = 260, .flatBand = 220, .foot = 64, .padding = 40, .symbol = 144, .symbolGap = 40,
    .progressHeight = 24, .verdictCap = cap::kVerdictTwo, .numberCap = cap::kOneSlotText, .codeCap = cap::kSlotNumber,
    .timeCap = cap::kInstruction, .serialCap = cap::kSlotNumber, .instructionCap = 8.5, .reasonCap = cap::kInstruction,
    .footCap = 4.6};
const TileDesign kFour{
    .tile = {928, 420}, .top = 68, .band = 128, .flatBand = 112, .foot = 48, .padding = 24, .symbol = 96, .symbolGap = 28,
    .progressHeight = 16, .verdictCap = cap::kVerdictFour, .numberCap = cap::kSlotNumber, .codeCap = cap::kCode,
    .timeCap = 4.6, .serialCap = cap::kSerial, .instructionCap = cap::kInstruction, .reasonCap = cap::kReason,
    .footCap = cap::kFoot};
const TileDesign kEight{
    .tile = {456, 420}, .top = 68, .band = 112, .flatBand = 96, .foot = 48, .padding = 21, .symbol = 64, .symbolGap = 20,
    .progressHeight = 16, .verdictCap = cap::kVerdictEight, .numberCap = cap::kSlotNumber, .codeCap = cap::kCode,
    .timeCap = 4.6, .serialCap = cap::kSerial, .instructionCap = cap::kInstruction, .reasonCap = cap::kReason,
    .footCap = cap::kFoot};
const TileDesign kSixteen{
    .tile = {456, 202}, .top = 0, .band = 56, .flatBand = 56, .foot = 28, .padding = 16, .symbol = 40, .symbolGap = 14,
    .progressHeight = 10, .verdictCap = cap::kVerdictSixteen, .numberCap = cap::kVerdictSixteen, .codeCap = 4.6,
    .timeCap = 3.5, .serialCap = 4.6, .instructionCap = 4.6, .reasonCap = 3.1,
    .footCap = 2.9};
// clang-format on

constexpr double kFrameWidth = 3;
// Texts have a smallest size: a row that shrinks further would not hold its own.
constexpr double kLeastTop = 22;
constexpr double kLeastFoot = 18;
// In a tile that is high for its width, texts are larger by so much than the width alone would make them.
constexpr double kMostStretch = 1.35;
constexpr double kMostGrowth = 1.4;
constexpr double kCellPadding = 10;
// The height of a row for a word, as a multiple of its font size.
constexpr double kWordRoom = 1.1;

} // namespace

Density densityFor(int slots) noexcept
{
    if (slots <= 1) {
        return Density::One;
    }
    if (slots == 2) {
        return Density::Two;
    }
    if (slots <= 4) {
        return Density::Four;
    }
    return slots <= 8 ? Density::Eight : Density::Sixteen;
}

const TileDesign& tileDesign(Density density)
{
    switch (density) {
    case Density::One:
    case Density::Two:
        return kTwo;
    case Density::Four:
        return kFour;
    case Density::Eight:
        return kEight;
    case Density::Sixteen:
        break;
    }
    return kSixteen;
}

double frameLine(double scale) noexcept
{
    return kFrameWidth * std::max(1.0, scale);
}

TileLayout::TileLayout(const TileDesign& design, const QRectF& frame, const Viewing& viewing, TileForm form)
    : m_design(design), m_frame(frame), m_form(design.top > 0 || form != TileForm::Full ? form : TileForm::Flat)
{
    const auto wide = frame.width() / design.tile.width();
    const auto high = frame.height() / design.tile.height();
    m_across = std::min(wide, high);
    m_down = std::min(high, wide * kMostStretch);
    m_least = std::max(kSmallestText, static_cast<int>(std::ceil(pixelSize(cap::kLeast, viewing))));
}

double TileLayout::line() const
{
    return frameLine(m_across);
}

QFont TileLayout::font(double capMillimetres, QFont::Weight weight) const
{
    return textFont(pixelSize(capMillimetres, {}) * m_down, weight);
}

QFont TileLayout::readFont(double capMillimetres, QFont::Weight weight) const
{
    return textFont(std::max<double>(m_least, pixelSize(capMillimetres, {}) * m_down), weight);
}

double TileLayout::growth() const
{
    const auto flat = isFlat() && m_design.top > 0 ? kMostGrowth : 1.0;
    const auto high = m_frame.height() / m_design.tile.height() / m_down;
    return std::min(kMostGrowth, std::max(flat, high));
}

QRectF TileLayout::top() const
{
    const auto height = isFlat() ? 0 : std::max(down(m_design.top), kLeastTop);
    return {m_frame.left(), m_frame.top() + line(), m_frame.width(), height};
}

QRectF TileLayout::band() const
{
    const auto height = std::max(down(isFlat() ? m_design.flatBand : m_design.band), m_least * kWordRoom);
    return {m_frame.left(), top().bottom(), m_frame.width(), height};
}

QRectF TileLayout::body() const
{
    const auto bottom = hasFoot() ? foot().top() : lastRow();
    return {m_frame.left(), band().bottom(), m_frame.width(), bottom - band().bottom()};
}

QRectF TileLayout::foot() const
{
    const auto height = std::max(down(m_design.foot), kLeastFoot);
    return {m_frame.left(), lastRow() - height, m_frame.width(), height};
}

QRectF TileLayout::numberCell() const
{
    const auto digits = QFontMetricsF(font(m_design.numberCap, QFont::Bold)).horizontalAdvance(QStringLiteral("88"));
    return {m_frame.left(), band().top(), digits + 2 * px(kCellPadding) + line(), band().height()};
}

QRectF TileLayout::inner(const QRectF& row) const
{
    const auto side = px(m_design.padding) + line();
    return row.adjusted(side, 0, -side, 0);
}

} // namespace enroll::ui
