package carrier_test

// samples is how many credentials of each kind each carrier is tried with.
const samples = 10
