#include "ui/run/tile_layout.h"

#include <algorithm>

namespace enroll::ui {
namespace {

// clang-format off
const TileDesign kTwo{
    .tile = {928, 856}, .top = 96, .band = 260, .foot = 64, .padding = 40, .symbol = 144, .symbolGap = 40,
    .progressHeight = 24, .verdictCap = cap::kVerdictTwo, .numberCap = cap::kOneSlotText, .codeCap = cap::kSlotNumber,
    .timeCap = cap::kInstruction, .serialCap = cap::kSlotNumber, .instructionCap = 8.5, .reasonCap = cap::kInstruction,
    .footCap = 4.6};
const TileDesign kFour{
    .tile = {928, 420}, .top = 68, .band = 128, .foot = 48, .padding = 24, .symbol = 96, .symbolGap = 28,
    .progressHeight = 16, .verdictCap = cap::kVerdictFour, .numberCap = cap::kSlotNumber, .codeCap = cap::kCode,
    .timeCap = 4.6, .serialCap = cap::kSerial, .instructionCap = cap::kInstruction, .reasonCap = cap::kReason,
    .footCap = cap::kFoot};
const TileDesign kEight{
    .tile = {456, 420}, .top = 68, .band = 112, .foot = 48, .padding = 21, .symbol = 64, .symbolGap = 20,
    .progressHeight = 16, .verdictCap = cap::kVerdictEight, .numberCap = cap::kSlotNumber, .codeCap = cap::kCode,
    .timeCap = 4.6, .serialCap = cap::kSerial, .instructionCap = cap::kInstruction, .reasonCap = cap::kReason,
    .footCap = cap::kFoot};
const TileDesign kSixteen{
    .tile = {456, 202}, .top = 36, .band = 54, .foot = 28, .padding = 16, .symbol = 40, .symbolGap = 14,
    .progressHeight = 6, .verdictCap = cap::kVerdictSixteen, .numberCap = 6.0, .codeCap = 4.6,
    .timeCap = 3.5, .serialCap = 4.6, .instructionCap = 3.8, .reasonCap = 0,
    .footCap = 2.9};
// clang-format on

constexpr double kFrameWidth = 3;
// Texts have a smallest size: a row that shrinks further would not hold its own.
constexpr double kLeastTop = 22;
constexpr double kLeastFoot = 18;

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

TileLayout::TileLayout(const TileDesign& design, const QRectF& frame, const Viewing& viewing)
    : m_design(design), m_frame(frame)
{
    const auto wanted = pixelSize(1, viewing) / pixelSize(1, {});
    const auto room = std::min(frame.width() / design.tile.width(), frame.height() / design.tile.height());
    m_scale = std::min(wanted, room);
}

QFont TileLayout::font(double capMillimetres, QFont::Weight weight) const
{
    return textFont(pixelSize(capMillimetres, {}) * m_scale, weight);
}

QRectF TileLayout::top() const
{
    return {m_frame.left(), m_frame.top() + kFrameWidth, m_frame.width(), std::max(px(m_design.top), kLeastTop)};
}

QRectF TileLayout::band() const
{
    return {m_frame.left(), top().bottom(), m_frame.width(), px(m_design.band)};
}

QRectF TileLayout::body() const
{
    return {m_frame.left(), band().bottom(), m_frame.width(), foot().top() - band().bottom()};
}

QRectF TileLayout::foot() const
{
    const auto height = std::max(px(m_design.foot), kLeastFoot);
    return {m_frame.left(), m_frame.bottom() - kFrameWidth - height, m_frame.width(), height};
}

QRectF TileLayout::inner(const QRectF& row) const
{
    const auto side = px(m_design.padding) + kFrameWidth;
    return row.adjusted(side, 0, -side, 0);
}

} // namespace enroll::ui
