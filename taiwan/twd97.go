package taiwan

import "math"

// MapZone is a zone of the TWD97 grid, named by its central meridian in degrees east.
type MapZone int

// The zones: 121 for the main island (EPSG:3826), 119 for 澎湖, 金門 and 連江 (EPSG:3825).
const (
	Zone121 MapZone = 121
	Zone119 MapZone = 119
)

// The ellipsoid GRS80 and the transverse Mercator of two degrees that the country maps with.
const (
	semiMajor    = 6378137.0
	flattening   = 1 / 298.257222101
	gridScale    = 0.9999
	falseEasting = 250000.0
	third        = flattening / (2 - flattening) // third flattening n
)

var (
	eccentricity = math.Sqrt(flattening * (2 - flattening))
	rectifying   = semiMajor / (1 + third) * (1 + math.Pow(third, 2)/4 + math.Pow(third, 4)/64)

	// Coefficients of Krüger's series in n, to the fourth power: far below a tenth of a millimetre in these zones.
	forward = series([4][4]float64{
		{1. / 2, -2. / 3, 5. / 16, 41. / 180},
		{0, 13. / 48, -3. / 5, 557. / 1440},
		{0, 0, 61. / 240, -103. / 140},
		{0, 0, 0, 49561. / 161280}})
	inverse = series([4][4]float64{
		{1. / 2, -2. / 3, 37. / 96, -1. / 360},
		{0, 1. / 48, 1. / 15, -437. / 1440},
		{0, 0, 17. / 480, -37. / 840},
		{0, 0, 0, 4397. / 161280}})
)

// series sums each row of c over the powers of n.
func series(c [4][4]float64) (sum [4]float64) {
	for i := range c {
		for j, k := range c[i] {
			sum[i] += k * math.Pow(third, float64(j+1))
		}
	}
	return sum
}

// ToTWD97 is the grid coordinate, easting and northing in metres, of a place given by latitude and longitude in degrees.
func ToTWD97(lat, lon float64, zone MapZone) (e, n float64) {
	phi, lambda := radians(lat), radians(lon-float64(zone))
	sin := math.Sin(phi)
	t := math.Sinh(math.Atanh(sin) - eccentricity*math.Atanh(eccentricity*sin))
	xi, eta := math.Atan2(t, math.Cos(lambda)), math.Atanh(math.Sin(lambda)/math.Hypot(1, t))
	x, y := xi, eta
	for i, a := range forward {
		k := float64(2 * (i + 1))
		x += a * math.Sin(k*xi) * math.Cosh(k*eta)
		y += a * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	return falseEasting + gridScale*rectifying*y, gridScale * rectifying * x
}

// FromTWD97 is the latitude and longitude in degrees of a grid coordinate in metres.
func FromTWD97(e, n float64, zone MapZone) (lat, lon float64) {
	xi, eta := n/(gridScale*rectifying), (e-falseEasting)/(gridScale*rectifying)
	x, y := xi, eta
	for i, b := range inverse {
		k := float64(2 * (i + 1))
		x -= b * math.Sin(k*xi) * math.Cosh(k*eta)
		y -= b * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	lambda := math.Atan2(math.Sinh(y), math.Cos(x))
	// The conformal latitude is known; the geographic one is found by Newton's method on its tangent.
	want := math.Sin(x) / math.Hypot(math.Sinh(y), math.Cos(x))
	tau := want
	for range 6 {
		sigma := math.Sinh(eccentricity * math.Atanh(eccentricity*tau/math.Hypot(1, tau)))
		got := tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
		step := (want - got) / math.Hypot(1, got) * (1 + (1-eccentricity*eccentricity)*tau*tau) /
			((1 - eccentricity*eccentricity) * math.Hypot(1, tau))
		tau += step
	}
	return degrees(math.Atan(tau)), degrees(lambda) + float64(zone)
}

// NearTainan reports whether a coordinate of zone 121 lies in the box around 臺南市; outside it a typing slip is likely.
func NearTainan(e, n float64) bool { return e >= 145000 && e <= 215000 && n >= 2530000 && n <= 2590000 }

func radians(d float64) float64 { return d * math.Pi / 180 }
func degrees(r float64) float64 { return r * 180 / math.Pi }
